import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SecretMask } from '../../../../src-main/logging/secret-mask.ts';
import { LoginBook } from '../../../../src-main/secrets/login-book.ts';
import type { Vault } from '../../../../src-main/secrets/vault.ts';

let folder: string;
let mask: SecretMask;
const complaints: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ivis-logins-'));
  complaints.length = 0;
  mask = new SecretMask();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A keyring with a real cipher, as a desktop has it. */
class Keyring implements Vault {
  readonly #key = randomBytes(32);
  locked = false;
  again = false;
  encrypted = 0;

  async protection() {
    return this.locked
      ? { protected: false, words: 'no keyring' }
      : { protected: true, words: 'the keyring of this desktop' };
  }

  async encrypt(text: string): Promise<Buffer> {
    this.encrypted += 1;
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv);
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), body]);
  }

  async decrypt(cipher: Buffer) {
    if (this.locked) throw new Error('locked: {"user":"admin"}');
    const decipher = createDecipheriv('aes-256-gcm', this.#key, cipher.subarray(0, 12));
    decipher.setAuthTag(cipher.subarray(12, 28));
    const text = Buffer.concat([decipher.update(cipher.subarray(28)), decipher.final()]).toString('utf8');
    return { text, again: this.again };
  }
}

const open = (vault: Vault, environment: Record<string, string> = {}): LoginBook =>
  new LoginBook({
    path: join(folder, 'logins.json'),
    vault,
    environment,
    secrets: mask,
    complain: (message) => complaints.push(message),
  });

const everythingWritten = (): string =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');

const login = { user: 'admin', password: 'geheim:@/1' };

describe('the book of logins', () => {
  it('gives a protected login back after a restart, and writes nothing that can be read', async () => {
    const keyring = new Keyring();
    await open(keyring).keep('rtsp-1', login, 'protected');
    expect(everythingWritten()).not.toContain('geheim');
    expect(everythingWritten()).not.toContain('admin');
    expect(statSync(join(folder, 'logins.json')).mode & 0o777).toBe(0o600);
    const later = open(keyring);
    expect(later.has('rtsp-1')).toBe(true);
    expect(await later.read('rtsp-1')).toEqual(login);
  });

  it('refuses to keep a login protected where there is no protection, and keeps nothing', async () => {
    const keyring = new Keyring();
    keyring.locked = true;
    const book = open(keyring);
    await expect(book.keep('rtsp-1', login, 'protected')).rejects.toMatchObject({
      kind: 'login-unprotected',
      message: 'no keyring',
    });
    expect(book.has('rtsp-1')).toBe(false);
    expect(keyring.encrypted).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('keeps a login for this session in memory alone', async () => {
    const keyring = new Keyring();
    const book = open(keyring);
    await book.keep('rtsp-1', login, 'session');
    expect(await book.read('rtsp-1')).toEqual(login);
    expect(readdirSync(folder)).toEqual([]);
    expect(await open(keyring).read('rtsp-1')).toBeNull();
  });

  it('takes a stored login off the disk when it is to be kept for this session only', async () => {
    const book = open(new Keyring());
    await book.keep('rtsp-1', login, 'file');
    expect(everythingWritten()).toContain('geheim');
    await book.keep('rtsp-1', login, 'session');
    expect(everythingWritten()).not.toContain('geheim');
  });

  it('keeps a login in a file of this user alone when that was chosen', async () => {
    await open(new Keyring()).keep('rtsp-1', login, 'file');
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
    expect(await open(new Keyring()).read('rtsp-1')).toEqual(login);
  });

  it('reads a variable of the environment, with a password that has colons in it', async () => {
    const book = open(new Keyring(), { IVIS_GATE: 'admin:geheim:@/1' });
    book.keepVariable('rtsp-1', 'IVIS_GATE');
    expect(await book.read('rtsp-1')).toEqual(login);
    expect(everythingWritten()).not.toContain('geheim');
    book.keepVariable('rtsp-2', 'IVIS_MISSING');
    await expect(book.read('rtsp-2')).rejects.toMatchObject({ kind: 'login-unreadable' });
  });

  it('names a keyring that does not answer without repeating what it said', async () => {
    const keyring = new Keyring();
    const book = open(keyring);
    await book.keep('rtsp-1', login, 'protected');
    keyring.locked = true;
    const thrown: unknown = await book.read('rtsp-1').catch((error: unknown) => error);
    expect(thrown).toMatchObject({ kind: 'login-unreadable' });
    expect(String(thrown)).not.toContain('admin');
  });

  it('encrypts anew when the key of the desktop changed', async () => {
    const keyring = new Keyring();
    const book = open(keyring);
    await book.keep('rtsp-1', login, 'protected');
    keyring.again = true;
    expect(await book.read('rtsp-1')).toEqual(login);
    expect(keyring.encrypted).toBe(2);
    expect(await open(keyring).read('rtsp-1')).toEqual(login);
  });

  it('forgets the logins of sources that are gone', async () => {
    const book = open(new Keyring());
    await book.keep('rtsp-1', login, 'file');
    await book.keep('rtsp-2', { user: 'b', password: 'anders' }, 'file');
    book.keepTo(['rtsp-2']);
    expect(everythingWritten()).not.toContain('geheim');
    book.forget('rtsp-2');
    expect(everythingWritten()).not.toContain('anders');
  });

  it.each([
    ['kept for this session', (book: LoginBook) => book.keep('rtsp-1', login, 'session')],
    ['kept in a file', (book: LoginBook) => book.keep('rtsp-1', login, 'file')],
    ['kept protected', (book: LoginBook) => book.keep('rtsp-1', login, 'protected')],
    ['only tried', (book: LoginBook) => book.learn(login)],
    ['read from the environment', (book: LoginBook) => book.fromVariable('IVIS_GATE')],
  ])('has a password that was %s hidden in every spelling, also when it is forgotten', async (_how, take) => {
    const book = open(new Keyring(), { IVIS_GATE: 'admin:geheim:@/1' });
    await take(book);
    book.forget('rtsp-1');
    const { password } = login;
    const lower = encodeURIComponent(password).replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase());
    const spellings = [password, encodeURIComponent(password), encodeURI(password), lower];
    for (const spelling of spellings)
      expect(mask.mask(`401 for ${spelling} there`)).toBe('401 for *** there');
    expect(mask.mask(JSON.stringify({ said: password }))).not.toContain('geheim');
  });

  it('has a stored password hidden as soon as it is read by the next start', async () => {
    const keyring = new Keyring();
    await open(keyring).keep('rtsp-1', login, 'protected');
    mask = new SecretMask();
    expect(mask.mask(login.password)).toBe(login.password);
    await open(keyring).read('rtsp-1');
    expect(mask.mask(login.password)).toBe('***');
  });
});
