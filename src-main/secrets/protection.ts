import type { Protection } from '#shared/domain/source-draft.ts';

const KEYRINGS: Readonly<Record<string, string>> = {
  gnome_libsecret: 'the keyring of this desktop',
  kwallet: 'KWallet',
  kwallet5: 'KWallet',
  kwallet6: 'KWallet',
};

/**
 * Whether what Electron offers is a protection at all. On Linux `basic_text` encrypts with a key that is the same in
 * every copy of the program, which keeps nobody out, so it counts as none; so does a store that is not known.
 */
export function judgeProtection(platform: string, backend: string, available: boolean): Protection {
  if (platform === 'linux') {
    const keyring = KEYRINGS[backend];
    if (available && keyring !== undefined) return { protected: true, words: keyring };
    return {
      protected: false,
      words:
        'This desktop has no keyring that ivis can use (GNOME Keyring or KWallet), so a password cannot be stored protected.',
    };
  }
  if (!available) {
    return {
      protected: false,
      words: 'The protected store of this computer cannot be used at the moment.',
    };
  }
  return { protected: true, words: platform === 'darwin' ? 'the Keychain' : 'Windows data protection' };
}
