import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { defaultSettings } from '#shared/domain/settings.ts';
import { diagnosticsZip, redact, tailOf } from '../../../../src-main/diagnostics/bundle.ts';
import { zip } from '../../../../src-main/diagnostics/zip.ts';
import { SecretMask } from '../../../../src-main/logging/secret-mask.ts';
import { loginsFor } from '../../../fixtures/logins.ts';
import { reportWith } from '../metrics/report-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'ivis-diagnostics-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Reads an archive by its central directory, as an unpacking program does, and checks what it finds. */
function unzip(archive: Buffer): Map<string, Buffer> {
  const end = archive.length - 22;
  expect(archive.readUInt32LE(end)).toBe(0x06054b50);
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  expect(at + archive.readUInt32LE(end + 12)).toBe(end);
  const files = new Map<string, Buffer>();
  for (let n = 0; n < count; n++) {
    expect(archive.readUInt32LE(at)).toBe(0x02014b50);
    const packedBytes = archive.readUInt32LE(at + 20);
    const nameBytes = archive.readUInt16LE(at + 28);
    const local = archive.readUInt32LE(at + 42);
    const name = archive.toString('utf8', at + 46, at + 46 + nameBytes);
    expect(archive.readUInt32LE(local)).toBe(0x04034b50);
    // Name to sizes are the same in both headers.
    expect(archive.subarray(local + 4, local + 30)).toEqual(archive.subarray(at + 6, at + 32));
    const from = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const content = inflateRawSync(archive.subarray(from, from + packedBytes));
    expect(content.length).toBe(archive.readUInt32LE(at + 24));
    expect(crc32(content)).toBe(archive.readUInt32LE(at + 16));
    files.set(name, content);
    at += 46 + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
}

describe('a zip', () => {
  test('gives back what was put in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(fc.string({ minLength: 1, unit: 'grapheme' }), fc.uint8Array()), {
          selector: ([name]) => name,
          maxLength: 6,
        }),
        async (pairs) => {
          const entries = pairs.map(([name, content]) => ({ name, content }));
          const files = unzip(await zip(entries, Date.UTC(2026, 5, 1)));
          expect([...files].map(([name, content]) => [name, [...content]])).toEqual(
            pairs.map(([name, content]) => [name, [...content]]),
          );
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('the diagnostics', () => {
  const facts = {
    wallMs: Date.UTC(2026, 0, 2),
    appVersion: '0.1.0',
    report: reportWith(),
    history: [],
    settings: defaultSettings,
    model: null,
    metrics: 'infer_frames_total 1\n',
    logPaths: [join(folder, 'ivis.log'), join(folder, 'ivis.log.1')],
  };

  test('hold versions, hardware, settings, health, history, metrics and logs', async () => {
    writeFileSync(join(folder, 'ivis.log'), '{"message":"is running"}\n');
    const files = unzip(await diagnosticsZip(facts, new SecretMask()));
    expect([...files.keys()]).toEqual([
      'README.txt',
      'versions.json',
      'hardware.json',
      'settings.json',
      'health.json',
      'history.json',
      'metrics.txt',
      'logs/ivis.log',
    ]);
    for (const [name, content] of files) {
      if (name.endsWith('.json')) expect(() => JSON.parse(content.toString())).not.toThrow();
    }
    expect(JSON.parse(files.get('versions.json')?.toString() ?? '')).toMatchObject({
      ivis: '0.1.0',
      node: process.versions.node,
    });
    expect(files.get('logs/ivis.log')?.toString()).toContain('is running');
  });

  test('hold none of a thousand odd passwords, wherever they stood', async () => {
    const mask = new SecretMask();
    const passwords = fc.sample(
      fc
        .string({
          unit: fc.constantFrom(...'abcXYZ019@:/%#?&=+ "\'\\<>[]{}|^`~!$*();,.-_äß漢'),
          minLength: 8,
          maxLength: 20,
        })
        .filter((text) => /[a-zA-Z0-9]{3}/.test(text)),
      { numRuns: 1000, seed: 5 },
    );
    for (const password of passwords) loginsFor(mask).learn({ user: 'admin', password });
    const lines = passwords.flatMap((password) => [
      `rtsp://admin:${password}@cam/1: 401`,
      JSON.stringify({ message: `x ${password} y`, url: `rtsp://a:${encodeURIComponent(password)}@cam` }),
    ]);
    writeFileSync(join(folder, 'ivis.log'), `${lines.join('\n')}\n`);
    const [component] = reportWith().components;
    if (component === undefined) throw new Error('no component');
    const components = passwords.map((password, n) => ({
      ...component,
      id: `source:${n}`,
      title: `cam ${password}`,
      cause: `rtsp://admin:${password}@cam`,
    }));
    const settings = { ...defaultSettings, video: { ffmpegPath: `/opt/${passwords[0]}/ffmpeg` } };
    const files = unzip(
      await diagnosticsZip({ ...facts, settings, report: reportWith({ components }) }, mask),
    );
    const text = [...files.values()].map(String).join('\n');
    const hits = passwords.filter((password) =>
      [password, encodeURIComponent(password), JSON.stringify(password).slice(1, -1)].some((form) =>
        text.includes(form),
      ),
    );
    expect(hits).toEqual([]);
    expect(() => JSON.parse(files.get('health.json')?.toString() ?? '')).not.toThrow();
  });

  test('name neither the home folder nor its owner', () => {
    const text = redact(`log at ${homedir()}/ivis/ivis.log`, new SecretMask());
    expect(text).toBe('log at ~/ivis/ivis.log');
  });

  test('take only the end of a long log, from a whole line on', () => {
    const path = join(folder, 'long.log');
    writeFileSync(path, `${Array.from({ length: 1000 }, (_, n) => `line ${n}`).join('\n')}\n`);
    const tail = tailOf(path, 100)?.toString() ?? '';
    expect(tail.length).toBeLessThanOrEqual(100);
    expect(tail).toMatch(/^line \d+\n/);
    expect(tail).toMatch(/line 999\n$/);
    expect(tailOf(join(folder, 'none.log'), 100)).toBeNull();
  });
});
