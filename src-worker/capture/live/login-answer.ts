import { createHash, randomBytes } from 'node:crypto';
import type { Login } from '#shared/domain/source-input.ts';

/** One way of logging in that a server offers. */
export interface Challenge {
  readonly scheme: 'basic' | 'digest';
  readonly params: Readonly<Record<string, string>>;
}

/** Reads WWW-Authenticate headers; what is neither Basic nor Digest is left out. */
export function parseChallenges(headers: readonly string[]): Challenge[] {
  return headers.flatMap((header) => {
    // Several challenges may share one header: a scheme is a word that no "=" follows.
    const starts = [...header.matchAll(/(?:^|,)\s*(basic|digest)(?=\s|$|,)/gi)];
    return starts.map((start, index): Challenge => {
      const text = header.slice(start.index + start[0].length, starts[index + 1]?.index);
      const params: Record<string, string> = {};
      for (const [, name = '', quoted, plain] of text.matchAll(
        /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g,
      )) {
        params[name.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
      }
      return { scheme: start[1]?.toLowerCase() === 'basic' ? 'basic' : 'digest', params };
    });
  });
}

const HASHES: Readonly<Record<string, string>> = { md5: 'md5', 'sha-256': 'sha256' };
const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
const hashOf = (params: Challenge['params']): string | undefined =>
  HASHES[(params.algorithm ?? 'MD5').toLowerCase().replace(/-sess$/, '')];

/**
 * Answers challenges: Basic (RFC 7617) and Digest (RFC 2617 and 7616: MD5 and SHA-256, with and without qop=auth and
 * -sess). The strongest one that is understood is taken.
 */
export class LoginAnswer {
  readonly #login: Login;
  #challenge: Challenge | null = null;
  #uses = 0;

  constructor(login: Login) {
    this.#login = login;
  }

  /** False when there is nothing to answer with. */
  hear(challenges: readonly Challenge[]): boolean {
    const digests = challenges.filter(
      ({ scheme, params }) =>
        scheme === 'digest' && params.nonce !== undefined && hashOf(params) !== undefined,
    );
    const stronger = digests.find(({ params }) => hashOf(params) === 'sha256');
    const next = stronger ?? digests[0] ?? challenges.find(({ scheme }) => scheme === 'basic') ?? null;
    if (next === null) return false;
    this.#challenge = next;
    this.#uses = 0;
    return true;
  }

  /** Value of the Authorization header for a request; null before a challenge was heard. */
  header(method: string, uri: string, clientNonce = randomBytes(12).toString('hex')): string | null {
    if (this.#challenge === null) return null;
    const { user, password } = this.#login;
    if (this.#challenge.scheme === 'basic') {
      return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
    }
    return this.#digest(this.#challenge.params, method, uri, clientNonce);
  }

  #digest(params: Challenge['params'], method: string, uri: string, clientNonce: string): string {
    const { realm = '', nonce = '', opaque, algorithm } = params;
    const hash = hashOf(params) ?? 'md5';
    const digest = (text: string): string => createHash(hash).update(text, 'utf8').digest('hex');
    const { user, password } = this.#login;
    this.#uses += 1;
    const count = this.#uses.toString(16).padStart(8, '0');
    const withQop = (params.qop ?? '').split(',').some((each) => each.trim().toLowerCase() === 'auth');
    const plain = digest(`${user}:${realm}:${password}`);
    const session = algorithm?.toLowerCase().endsWith('-sess') === true;
    const first = session ? digest(`${plain}:${nonce}:${clientNonce}`) : plain;
    const second = digest(`${method}:${uri}`);
    const middle = withQop ? `${nonce}:${count}:${clientNonce}:auth` : nonce;
    const fields = [
      `username=${quoted(user)}`,
      `realm=${quoted(realm)}`,
      `nonce=${quoted(nonce)}`,
      `uri=${quoted(uri)}`,
      `response="${digest(`${first}:${middle}:${second}`)}"`,
      ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
      ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
      ...(withQop || session ? [`cnonce=${quoted(clientNonce)}`] : []),
      ...(withQop ? ['qop=auth', `nc=${count}`] : []),
    ];
    return `Digest ${fields.join(', ')}`;
  }
}
