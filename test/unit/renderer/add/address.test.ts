import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindOfAddress, splitAddress, withScheme } from '../../../../src-renderer/add/address.ts';

describe('a pasted address', () => {
  it.each([
    ['rtsp://admin:geheim@10.0.0.9:554/live', 'rtsp://10.0.0.9:554/live', 'admin', 'geheim'],
    ['  rtsp://admin:p@ss@10.0.0.9/live  ', 'rtsp://10.0.0.9/live', 'admin', 'p@ss'],
    ['rtsp://admin:pa:ss@10.0.0.9/live', 'rtsp://10.0.0.9/live', 'admin', 'pa:ss'],
    ['rtsp://admin:pa/ss@10.0.0.9/live', 'rtsp://10.0.0.9/live', 'admin', 'pa/ss'],
    ['rtsp://admin:p%40ss%2F1@10.0.0.9/live', 'rtsp://10.0.0.9/live', 'admin', 'p@ss/1'],
    ['rtsp://admin:100%@10.0.0.9/live', 'rtsp://10.0.0.9/live', 'admin', '100%'],
    ['https://viewer@example.org/x.m3u8', 'https://example.org/x.m3u8', 'viewer', ''],
    ['rtsp://admin:s3cr3t@[fe80::1]:554/live', 'rtsp://[fe80::1]:554/live', 'admin', 's3cr3t'],
  ])('%s is taken apart', (text, address, user, password) => {
    expect(splitAddress(text)).toEqual({ address, login: { user, password } });
  });

  it.each([
    'rtsp://10.0.0.9:554/live',
    'rtsp://10.0.0.9/cam@home',
    'rtsp://10.0.0.9:554/cam@home',
    'https://example.org/?mail=a@b.c',
    '10.0.0.9/live',
    'rtsp://',
    '',
  ])('%s holds no login and stays as it is', (text) => {
    expect(splitAddress(text)).toEqual({ address: text, login: null });
  });

  it('loses its password whatever the password is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 20 }), (password) => {
        const { address, login } = splitAddress(`rtsp://admin:${encodeURIComponent(password)}@10.0.0.9/live`);
        expect(address).toBe('rtsp://10.0.0.9/live');
        expect(login).toEqual({ user: 'admin', password });
      }),
    );
  });

  it('is given the scheme that was left out', () => {
    expect(withScheme('10.0.0.9/live', 'rtsp')).toBe('rtsp://10.0.0.9/live');
    expect(withScheme('rtsps://x/live', 'rtsp')).toBe('rtsps://x/live');
    expect(withScheme('', 'http')).toBe('');
  });

  it('says of what kind it is', () => {
    expect(kindOfAddress(' RTSP://x')).toBe('rtsp');
    expect(kindOfAddress('https://x')).toBe('http');
    expect(kindOfAddress('10.0.0.9')).toBeNull();
  });
});
