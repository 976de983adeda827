import { safeStorage } from 'electron';
import type { Protection } from '#shared/domain/source-draft.ts';
import { judgeProtection } from './protection.ts';

/** The protected store of the desktop. */
export interface Vault {
  protection(): Promise<Protection>;
  /** Rejects when the desktop cannot do it. */
  encrypt(text: string): Promise<Buffer>;
  /** `again`: the key changed, so the text should be encrypted anew. */
  decrypt(cipher: Buffer): Promise<{ readonly text: string; readonly again: boolean }>;
}

/** Electron's store: Keychain, DPAPI, or the keyring of a Linux desktop. The older calls only where the newer are not. */
export function desktopVault(): Vault {
  // Absent before Electron 42, and the others are to go after 45.
  const modern = typeof safeStorage.encryptStringAsync === 'function';
  const available = (): Promise<boolean> =>
    modern ? safeStorage.isAsyncEncryptionAvailable() : Promise.resolve(safeStorage.isEncryptionAvailable());
  return {
    protection: async () => {
      const backend = process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : '';
      return judgeProtection(process.platform, backend, await available());
    },
    encrypt: (text) =>
      modern ? safeStorage.encryptStringAsync(text) : Promise.resolve(safeStorage.encryptString(text)),
    decrypt: async (cipher) => {
      if (!modern) return { text: safeStorage.decryptString(cipher), again: false };
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(cipher);
      return { text: result, again: shouldReEncrypt };
    },
  };
}
