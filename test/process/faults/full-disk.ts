import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Takes every byte that is left; returns the file that has them. */
export function fill(disk: string): string {
  const file = join(disk, 'filler');
  for (let bytes = 1 << 20; bytes >= 512; bytes /= 2) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(bytes), { flag: 'a' });
    } catch {
      // Full for pieces of this size.
    }
  }
  return file;
}
