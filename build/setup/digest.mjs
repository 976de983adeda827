import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * Digest of a file read in pieces, so that a large file needs no memory.
 * @param {string} path
 * @param {'sha256' | 'sha512'} algorithm
 * @param {'hex' | 'base64'} encoding
 */
export async function digestOfFile(path, algorithm, encoding) {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  return hash.digest(encoding);
}

/**
 * One digest over the names and contents of files and folders; a missing one counts as missing.
 * @param {string} root
 * @param {readonly string[]} paths relative to root
 * @param {(path: string) => boolean} [skip] relative path of a file or folder to leave out
 * @param {readonly string[]} [extra] further words that belong to the digest (versions, options)
 */
export function digestOfTree(root, paths, skip = () => false, extra = []) {
  const hash = createHash('sha256');
  for (const word of extra) hash.update(`word ${word}\n`);
  /** @param {string} path */
  const add = (path) => {
    if (skip(path)) return;
    const full = join(root, path);
    if (!existsSync(full)) {
      hash.update(`missing ${path}\n`);
    } else if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) add(`${path}/${name}`);
    } else {
      hash.update(`file ${path}\n`).update(readFileSync(full));
    }
  };
  for (const path of paths) add(path);
  return hash.digest('hex');
}
