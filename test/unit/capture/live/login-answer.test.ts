import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { LoginAnswer, parseChallenges } from '../../../../src-worker/capture/live/login-answer.ts';

const fields = (header: string | null): Record<string, string> =>
  Object.fromEntries(
    [...(header ?? '').matchAll(/(\w+)=(?:"([^"]*)"|([^,]+))/g)].map(([, name, a, b]) => [name, a ?? b]),
  );

describe('answers to "who are you"', () => {
  it('reads several challenges, in one header or in many', () => {
    const one = 'Digest realm="a, b", nonce="n=1", qop="auth,auth-int", Basic realm="c"';
    expect(parseChallenges([one]).map(({ scheme }) => scheme)).toEqual(['digest', 'basic']);
    expect(parseChallenges([one])[0]?.params).toEqual({ realm: 'a, b', nonce: 'n=1', qop: 'auth,auth-int' });
    expect(parseChallenges(['Basic realm="x"', 'Digest nonce=abc, realm="y"'])[1]?.params).toEqual({
      nonce: 'abc',
      realm: 'y',
    });
    expect(parseChallenges(['Bearer x', ''])).toEqual([]);
  });

  it('computes the example of RFC 2617', () => {
    const answer = new LoginAnswer({ user: 'Mufasa', password: 'Circle Of Life' });
    const challenge =
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"';
    expect(answer.hear(parseChallenges([challenge]))).toBe(true);
    const header = answer.header('GET', '/dir/index.html', '0a4f113b');
    expect(fields(header)).toMatchObject({
      response: '6629fae49393a05397450978507c4ef1',
      nc: '00000001',
      qop: 'auth',
      opaque: '5ccc069c403ebaf9f0171e9517f40e41',
    });
    expect(fields(answer.header('GET', '/dir/index.html', '0a4f113b')).nc).toBe('00000002');
  });

  it('computes the examples of RFC 7616, the stronger hash first', () => {
    const common =
      'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
    const nonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
    const ask = (challenges: string[]): string | undefined => {
      const answer = new LoginAnswer({ user: 'Mufasa', password: 'Circle of Life' });
      answer.hear(parseChallenges(challenges));
      return fields(answer.header('GET', '/dir/index.html', nonce)).response;
    };
    expect(ask([`Digest ${common}, algorithm=MD5`])).toBe('8ca523f5e9506fed4657c9700eebdbec');
    expect(ask([`Digest ${common}, algorithm=MD5`, `Digest ${common}, algorithm=SHA-256`])).toBe(
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    );
  });

  it('does without qop as old cameras do', () => {
    const answer = new LoginAnswer({ user: 'u', password: 'p' });
    answer.hear(parseChallenges(['Digest realm="r", nonce="n"']));
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    const expected = md5(`${md5('u:r:p')}:n:${md5('DESCRIBE:rtsp://cam/1')}`);
    const header = answer.header('DESCRIBE', 'rtsp://cam/1');
    expect(fields(header)).toEqual({
      username: 'u',
      realm: 'r',
      nonce: 'n',
      uri: 'rtsp://cam/1',
      response: expected,
    });
  });

  it('prefers Digest, falls back to Basic, and knows when it has no answer', () => {
    const answer = new LoginAnswer({ user: 'ü', password: 'p:w' });
    expect(answer.header('GET', '/')).toBeNull();
    expect(answer.hear(parseChallenges(['Basic realm="x"']))).toBe(true);
    expect(answer.header('GET', '/')).toBe(`Basic ${Buffer.from('ü:p:w').toString('base64')}`);
    expect(answer.hear(parseChallenges(['Basic realm="x", Digest realm="x", nonce="n"']))).toBe(true);
    expect(answer.header('GET', '/')).toMatch(/^Digest /);
    expect(answer.hear(parseChallenges(['Digest realm="x", nonce="n", algorithm=SHA-512-256']))).toBe(false);
    expect(answer.hear([])).toBe(false);
  });
});
