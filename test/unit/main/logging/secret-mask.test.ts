import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SecretMask } from '../../../../src-main/logging/secret-mask.ts';

describe('a mask that was told nothing', () => {
  test.each([
    ['rtsp://admin:hunter2@10.0.0.7:554/live', 'rtsp://***@10.0.0.7:554/live'],
    ['rtsp://admin:p@ss@w0rd@cam/live: 401 Unauthorized', 'rtsp://***@cam/live: 401 Unauthorized'],
    ['open http://u:p%40x@h/a and rtsp://v:q@i/b', 'open http://***@h/a and rtsp://***@i/b'],
    ['rtsp://onlyuser@cam/live', 'rtsp://***@cam/live'],
    ['login password=s3cret&user=x', 'login password=***&user=x'],
    ['{"token": "a\\"b", "n": 1}', '{"token": "***", "n": 1}'],
    ['Authorization: Basic dXNlcjpwYXNz', 'Authorization: ***'],
  ])('hides what looks like a secret: %s', (text, masked) => {
    expect(new SecretMask().mask(text)).toBe(masked);
  });

  test.each([
    'rtsp://10.0.0.7:554/live is LIVE',
    'mail the operator at desk@example.org',
    'frame 12: overwritten',
    'the model reads 640 x 384 tokens',
  ])('leaves everyday words alone: %s', (text) => {
    expect(new SecretMask().mask(text)).toBe(text);
  });
});

describe('a mask that was told a secret', () => {
  test('hides it anywhere, in the forms of URLs and JSON too', () => {
    const mask = new SecretMask();
    const secret = 'Gänse@:/%#"fuß\\1';
    mask.learn(secret);
    const texts = [secret, encodeURIComponent(secret), JSON.stringify({ a: secret }), `x${secret}y`];
    for (const text of texts) expect(mask.mask(text)).not.toContain(text.slice(2, -2));
    expect(mask.mask(`user ${secret} logs in`)).toBe('user *** logs in');
  });

  test('hides a thousand odd passwords in ffmpeg’s own words', () => {
    const odd = fc.string({
      unit: fc.constantFrom(...'abcXYZ019@:/%#?&=+ "\'\\<>[]{}|^`~!$*();,.-_äß漢'),
      minLength: 4,
      maxLength: 24,
    });
    fc.assert(
      fc.property(odd, (password) => {
        fc.pre(password.trim().length >= 4);
        const mask = new SecretMask();
        mask.learn(password);
        for (const form of [password, encodeURIComponent(password)]) {
          const said = `[rtsp @ 0x55] rtsp://admin:${form}@cam.local:554/s1: Invalid data; gave ${form}`;
          const masked = mask.mask(said);
          expect(masked).not.toContain(password);
          expect(masked).not.toContain(form);
          expect(masked).toContain('cam.local');
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('keeps a bound on how many it knows, and hides no text of two letters', () => {
    const mask = new SecretMask();
    mask.learn('at');
    expect(mask.mask('at the camera')).toBe('at the camera');
    mask.learn('123');
    expect(mask.mask('gave 123')).toBe('gave ***');
    for (let n = 0; n < 1500; n++) mask.learn(`secret-number-${n}-`);
    expect(mask.mask('secret-number-1499-')).toBe('***');
  });

  test('hides the longer of two that begin alike whole, so that no rest of it stays', () => {
    const mask = new SecretMask();
    mask.learn('secret');
    mask.learn('secret-one');
    expect(mask.mask('secret-one')).toBe('***');
  });

  test('goes through everything within a value', () => {
    const mask = new SecretMask();
    mask.learn('hunter22');
    expect(mask.maskDeep({ a: ['x hunter22', 5, null], hunter22: { b: 'hunter22' } })).toEqual({
      a: ['x ***', 5, null],
      '***': { b: '***' },
    });
  });
});
