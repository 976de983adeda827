/** What stands for a secret in texts that people and files get. */
export const MASK = '•••';

/** `scheme://user:password@` up to the last @ before the path: passwords may hold @, : and / unescaped. */
const IN_ADDRESS = /([a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'<>]*@/gi;
/** A secret shorter than this would also take away harmless words. */
const SHORTEST = 3;

/** The text without the logins in its addresses and without `secrets`, as they are and as an address spells them. */
export function maskText(text: string, secrets: readonly string[]): string {
  let masked = text;
  const spellings = secrets
    .filter((secret) => secret.length >= SHORTEST)
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret.toWellFormed()),
      encodeURI(secret.toWellFormed()),
    ])
    // The longest first: a part replaced would leave the rest of a longer one standing.
    .sort((a, b) => b.length - a.length);
  for (const spelling of new Set(spellings)) masked = masked.replaceAll(spelling, MASK);
  return masked.replace(IN_ADDRESS, `$1${MASK}@`);
}
