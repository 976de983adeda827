import { z } from 'zod';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { Protection } from '#shared/domain/source-draft.ts';
import { type Login, type LoginKeeping, loginSchema } from '#shared/domain/source-input.ts';
import { readJsonFile, writeJsonFile } from '../json-file.ts';
import type { SecretMask } from '../logging/secret-mask.ts';
import type { Vault } from './vault.ts';

const storedSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('protected'), cipher: z.base64() }),
  /** By the operator's own decision: readable by this user alone, but not encrypted. */
  z.object({ kind: z.literal('file'), login: loginSchema }),
  z.object({ kind: z.literal('environment'), variable: z.string() }),
]);
type Stored = z.infer<typeof storedSchema>;
const bookSchema = z.object({ version: z.literal(1), logins: z.record(z.string(), storedSchema) });

export interface LoginBookParts {
  /** The file of what is kept; only this user may read it. */
  readonly path: string;
  readonly vault: Vault;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told every password that is seen: none of them may show up in a text, as long as ivis runs. */
  readonly secrets: Pick<SecretMask, 'learn'>;
  complain(message: string): void;
}

/** User and password by source: in the desktop's protected store, or where the operator decided, never silently weaker. */
export class LoginBook {
  readonly #parts: LoginBookParts;
  readonly #stored = new Map<string, Stored>();
  /** Kept until ivis ends. */
  readonly #session = new Map<string, Login>();

  constructor(parts: LoginBookParts) {
    this.#parts = parts;
    const { value, problem } = readJsonFile(parts.path, bookSchema);
    if (problem !== null) parts.complain(`logins: ${problem}`);
    for (const [sourceId, stored] of Object.entries(value?.logins ?? {})) this.#stored.set(sourceId, stored);
  }

  protection(): Promise<Protection> {
    return this.#parts.vault.protection();
  }

  /** Rejects with 'login-unprotected' when the desktop cannot protect what was asked to be protected. */
  async keep(sourceId: string, login: Login, keeping: Exclude<LoginKeeping, 'environment'>): Promise<void> {
    this.learn(login);
    if (keeping === 'session') {
      this.forget(sourceId);
      this.#session.set(sourceId, login);
      return;
    }
    const stored: Stored = keeping === 'file' ? { kind: 'file', login } : await this.#protect(login);
    this.#session.delete(sourceId);
    this.#stored.set(sourceId, stored);
    this.#write();
  }

  keepVariable(sourceId: string, variable: string): void {
    this.#session.delete(sourceId);
    this.#stored.set(sourceId, { kind: 'environment', variable });
    this.#write();
  }

  /** The login in a variable of the environment. Throws NamedError 'login-unreadable'. */
  fromVariable(variable: string): Login {
    const value = this.#parts.environment[variable] ?? '';
    const colon = value.indexOf(':');
    const parsed = loginSchema.safeParse({ user: value.slice(0, colon), password: value.slice(colon + 1) });
    if (colon <= 0 || !parsed.success) {
      throw new NamedError('login-unreadable', `the variable ${variable} does not hold user:password`);
    }
    this.learn(parsed.data);
    return parsed.data;
  }

  /** A login that is used without being kept: its password is masked from now on. */
  learn(login: Login): void {
    this.#parts.secrets.learn(login.password);
  }

  has(sourceId: string): boolean {
    return this.#session.has(sourceId) || this.#stored.has(sourceId);
  }

  /** Null: the source has none. Rejects with 'login-unreadable' when it has one that cannot be had now. */
  async read(sourceId: string): Promise<Login | null> {
    const login = this.#session.get(sourceId) ?? (await this.#readStored(sourceId));
    if (login !== null) this.learn(login);
    return login;
  }

  forget(sourceId: string): void {
    this.#session.delete(sourceId);
    if (this.#stored.delete(sourceId)) this.#write();
  }

  /** Forgets the logins of sources that are gone. */
  keepTo(sourceIds: readonly string[]): void {
    const gone = [...this.#stored.keys()].filter((sourceId) => !sourceIds.includes(sourceId));
    for (const sourceId of gone) this.#stored.delete(sourceId);
    if (gone.length > 0) this.#write();
  }

  async #protect(login: Login): Promise<Stored> {
    const { vault } = this.#parts;
    const protection = await vault.protection();
    if (!protection.protected) throw new NamedError('login-unprotected', protection.words);
    const cipher = await vault.encrypt(JSON.stringify(login));
    return { kind: 'protected', cipher: cipher.toString('base64') };
  }

  async #readStored(sourceId: string): Promise<Login | null> {
    const stored = this.#stored.get(sourceId);
    if (stored === undefined) return null;
    if (stored.kind === 'file') return stored.login;
    if (stored.kind === 'environment') return this.fromVariable(stored.variable);
    try {
      const { text, again } = await this.#parts.vault.decrypt(Buffer.from(stored.cipher, 'base64'));
      const login = loginSchema.parse(JSON.parse(text));
      if (again) {
        this.#stored.set(sourceId, await this.#protect(login));
        this.#write();
      }
      return login;
    } catch {
      // What was thrown may hold a part of the text: it is not passed on.
      throw new NamedError('login-unreadable', 'the protected store did not give the login back');
    }
  }

  #write(): void {
    try {
      writeJsonFile(this.#parts.path, { version: 1, logins: Object.fromEntries(this.#stored) });
    } catch (thrown) {
      this.#parts.complain(`logins could not be written: ${String(thrown)}`);
    }
  }
}
