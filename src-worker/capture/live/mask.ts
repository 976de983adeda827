import type { Login } from '#shared/domain/source-input.ts';

const MAX_ROUNDS = 8;
/** user:password@ in any address. */
const USER_INFO = /([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*:[^\s/]*@/gi;
/** Words of addresses that carry secrets at many cameras: ?user=admin&pwd=1234 */
const SECRET_WORDS = /([?&;](?:[\w.-]*(?:pass|pwd|token|secret|auth|key)[\w.-]*)=)[^&#\s'"]*/gi;
const AUTHORIZATION = /(authorization: *)[^\r\n]*/gi;

const percentEveryByte = (text: string): string =>
  [...Buffer.from(text, 'utf8')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** Every way this text is written in addresses and headers, the longest first. */
function writings(secret: string): string[] {
  const encoded = encodeURIComponent(secret);
  const strict = encoded.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const all = new Set([
    secret,
    encoded,
    strict,
    encoded.toLowerCase(),
    strict.toLowerCase(),
    encodeURI(secret),
    percentEveryByte(secret),
    percentEveryByte(secret).toUpperCase(),
    JSON.stringify(secret).slice(1, -1),
  ]);
  return [...all].filter((text) => text !== '').sort((a, b) => b.length - a.length);
}

/** Takes what must not be read out of a text. */
export type Mask = (text: string) => string;

/** A mask that knows a login, beside what shows by its place that it is one. */
export function maskFor(login: Login | null): Mask {
  const byPlace: Mask = (text) =>
    text.replace(USER_INFO, '$1***@').replace(SECRET_WORDS, '$1***').replace(AUTHORIZATION, '$1***');
  if (login === null || login.password === '') return byPlace;
  const { user, password } = login;
  const secrets = [
    ...writings(password),
    Buffer.from(`${user}:${password}`, 'utf8').toString('base64'),
    Buffer.from(password, 'utf8').toString('base64'),
  ];
  // A word in place of the secret must not hold the secret itself.
  const word = ['***', '###', ''].find((each) => !secrets.some((secret) => each.includes(secret))) ?? '';
  const holds = (text: string): boolean => secrets.some((secret) => text.includes(secret));
  return (text) => {
    let masked = text;
    // What stood around a secret may form it anew once it is gone. By place comes last: it would cut secrets in two.
    for (let round = 0; round < MAX_ROUNDS; round++) {
      for (const secret of secrets) masked = masked.replaceAll(secret, word);
      masked = byPlace(masked);
      if (!holds(masked)) return masked;
    }
    return word;
  };
}
