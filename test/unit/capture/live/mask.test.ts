import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskFor } from '../../../../src-worker/capture/live/mask.ts';

const login = { user: 'admin', password: 'p@ss/w:rd é' };

describe('what nobody may read', () => {
  it('is taken out of addresses, headers and words, in all its writings', () => {
    const mask = maskFor(login);
    const base64 = Buffer.from(`${login.user}:${login.password}`).toString('base64');
    for (const text of [
      `rtsp://admin:${encodeURIComponent(login.password)}@cam/1`,
      `rtsp://admin:${login.password}@cam/1`,
      `method DESCRIBE failed: 401 for ${login.password}`,
      `Authorization: Basic ${base64}`,
      `[error] "${base64}"`,
      `http://cam/cgi?user=admin&pwd=${encodeURIComponent(login.password).toLowerCase()}&x=1`,
    ]) {
      const masked = mask(text);
      expect(masked).toContain('***');
      expect(masked).not.toContain('w:rd');
      expect(masked).not.toContain('w%3Ard');
      expect(masked).not.toContain(base64);
    }
  });

  it('is known by its place where no login is known', () => {
    const mask = maskFor(null);
    expect(mask('Input from rtsp://u:secret@10.0.0.1:554/a?b=1')).toBe(
      'Input from rtsp://***@10.0.0.1:554/a?b=1',
    );
    expect(mask('GET /snap?user=me&password=secret&ch=1')).toBe('GET /snap?user=me&password=***&ch=1');
    expect(mask('nothing to hide: 640x480, 25 fps')).toBe('nothing to hide: 640x480, 25 fps');
  });

  it('is never left in, whatever the password is and wherever it stands', () => {
    const password = fc.oneof(
      fc.string({ minLength: 1, maxLength: 24, unit: 'grapheme' }),
      fc.string({
        minLength: 1,
        maxLength: 8,
        unit: fc.constantFrom('*', '#', '%', '@', ':', '/', 'a', '$', '&'),
      }),
    );
    const around = fc.string({ maxLength: 30 });
    fc.assert(
      fc.property(
        password,
        fc.string({ minLength: 1, maxLength: 8 }),
        around,
        around,
        (secret, user, before, after) => {
          const mask = maskFor({ user, password: secret });
          let encoded = '';
          try {
            encoded = encodeURIComponent(secret);
          } catch {
            return;
          }
          for (const written of [secret, encoded, `rtsp://${user}:${encoded}@cam`]) {
            const masked = mask(`${before}${written}${after}`);
            expect(masked.includes(secret)).toBe(false);
            expect(masked.includes(encoded)).toBe(false);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
