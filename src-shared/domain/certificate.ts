import { z } from 'zod';

/** SHA-256 of a certificate as people compare it: pairs of hexadecimal digits with colons between. */
export const fingerprintSchema = z.string().regex(/^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/);

const HEAD = 'SHA-256 ';

/** The words that tell a fingerprint; `fingerprintIn` finds it in them. */
export const fingerprintWords = (fingerprint: string): string => `${HEAD}${fingerprint}`;

/** The fingerprint told in a text, or null. */
export function fingerprintIn(text: string): string | null {
  const found = new RegExp(`${HEAD}([0-9A-F:]{95})`).exec(text)?.[1];
  return fingerprintSchema.safeParse(found).data ?? null;
}
