import { describe, expect, it } from 'vitest';
import { judgeProtection } from '../../../../src-main/secrets/protection.ts';

describe('the protection of passwords', () => {
  it.each(['gnome_libsecret', 'kwallet', 'kwallet5', 'kwallet6'])('is given by %s', (backend) => {
    expect(judgeProtection('linux', backend, true).protected).toBe(true);
  });

  it.each(['basic_text', 'unknown', '', 'something new'])(
    'is not given by "%s", though Electron would encrypt with it',
    (backend) => {
      const judged = judgeProtection('linux', backend, true);
      expect(judged.protected).toBe(false);
      expect(judged.words).toMatch(/no keyring/);
    },
  );

  it('is not given by a keyring that is locked away', () => {
    expect(judgeProtection('linux', 'gnome_libsecret', false).protected).toBe(false);
    expect(judgeProtection('darwin', '', false).protected).toBe(false);
  });

  it('is given by the stores of the other systems', () => {
    expect(judgeProtection('darwin', '', true)).toEqual({ protected: true, words: 'the Keychain' });
    expect(judgeProtection('win32', '', true).protected).toBe(true);
  });
});
