import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './native-program.ts';

const compilers = ['x86_64-w64-mingw32-g++-posix', 'x86_64-w64-mingw32-g++'];
const installed = compilers.some((name) => spawnSync(name, ['--version']).status === 0);
if (!installed) {
  console.log(
    `skipped: the Windows build needs ${compilers.join(' or ')} (apt-get install g++-mingw-w64-x86-64)`,
  );
}

describe.skipIf(!installed)('the Windows back end', () => {
  it('compiles without a warning and links into an addon for 64-bit Windows', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ivis-windows-'));
    try {
      const target = join(folder, 'ivis_ring.node');
      const done = spawnSync(process.execPath, ['build/setup/native.mjs', '--windows', target], {
        cwd: root,
        encoding: 'utf8',
      });
      expect(`${done.stdout}${done.stderr}`).toBe('');
      expect(done.status).toBe(0);
      const image = readFileSync(target);
      expect(image.toString('latin1', 0, 2)).toBe('MZ');
      const header = image.readUInt32LE(0x3c);
      expect(image.toString('latin1', header, header + 4)).toBe('PE\0\0');
      expect(image.readUInt16LE(header + 4)).toBe(0x8664);
      expect(image.includes('napi_register_module_v1')).toBe(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
