import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { logEntrySchema } from '#shared/domain/log-entry.ts';
import { type LogBook, type LogLine, openLogSink } from '../../../../src-main/logging/log-sink.ts';
import { SecretMask } from '../../../../src-main/logging/secret-mask.ts';
import { loginsFor } from '../../../fixtures/logins.ts';

let folder = '';
let book: LogBook | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ivis-log-'));
});
afterEach(() => {
  book?.close();
  rmSync(folder, { recursive: true, force: true });
});

const line = (change: Partial<LogLine> = {}): LogLine => ({
  level: 'info',
  process: 'capture',
  pid: 77,
  sourceId: 'cam-1',
  message: 'is running',
  fields: {},
  wallMs: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  ...change,
});
const everything = (): string =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
const written = async (log: LogBook, count: number): Promise<unknown[]> => {
  await expect
    .poll(
      () => {
        log.close();
        return everything().split('\n').length - 1;
      },
      { timeout: 20_000 },
    )
    .toBe(count);
  return everything()
    .trim()
    .split('\n')
    .map((text): unknown => JSON.parse(text));
};

describe('the log', () => {
  test('is one JSON object per line with UTC, level, process, pid and source', async () => {
    book = openLogSink(folder, 'info');
    book.write(line({ fields: { restarts: 2, level: 'fake', time: 'fake', message: 'fake' } }));
    const [entry] = await written(book, 1);
    expect(entry).toEqual({
      level: 'info',
      time: '2026-01-02T03:04:05.006Z',
      process: 'capture',
      pid: 77,
      sourceId: 'cam-1',
      restarts: 2,
      message: 'is running',
    });
  });

  test('is turned up and down while it runs', async () => {
    book = openLogSink(folder, 'warn');
    book.write(line({ message: 'not yet' }));
    book.level = 'debug';
    book.write(line({ level: 'debug', message: 'now' }));
    book.level = 'error';
    book.write(line({ level: 'warn', message: 'no more' }));
    const entries = z.array(z.object({ message: z.string() })).parse(await written(book, 1));
    expect(entries.map(({ message }) => message)).toEqual(['now']);
    expect(book.recent.find(all).lines.map(({ message }) => message)).toEqual(['now']);
  });

  test('keeps so many files of such a size, and while they last loses no line', async () => {
    const limits = { maxBytes: 20_000, keep: 3 };
    book = openLogSink(folder, 'info', { limits });
    for (let n = 0; n < 400; n++) {
      book.write(line({ message: `line ${n} ${'x'.repeat(40)}` }));
      if (n % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const entries = z.array(z.object({ message: z.string() })).parse(await written(book, 400));
    expect(new Set(entries.map(({ message }) => message.split(' ')[1])).size).toBe(400);
    for (let n = 0; n < 1000; n++) {
      book.write(line({ message: 'y'.repeat(100) }));
      if (n % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    // The newest file is opened when the one before it was put aside, on a thread of its own.
    await expect.poll(() => existsSync(join(folder, 'ivis.log')), { timeout: 20_000 }).toBe(true);
    book.close();
    const names = readdirSync(folder).sort();
    expect(names).toEqual(['ivis.log', 'ivis.log.1', 'ivis.log.2', 'ivis.log.3']);
    expect(book.paths.filter((path) => existsSync(path))).toHaveLength(4);
    for (const name of names) expect(statSync(join(folder, name)).size).toBeLessThan(40_000);
  });

  test('goes on when its folder is taken away', () => {
    book = openLogSink(folder, 'info', { limits: { maxBytes: 100, keep: 1 } });
    rmSync(folder, { recursive: true });
    for (let n = 0; n < 50; n++) book.write(line());
    expect(book.recent.find(all).matching).toBe(50);
  });

  test('shows none of a thousand odd passwords, in no file and no window', async () => {
    const mask = new SecretMask();
    book = openLogSink(folder, 'debug', { mask });
    const log = book;
    const passwords: string[] = [];
    const odd = fc.string({
      unit: fc.constantFrom(...'abcXYZ019@:/%#?&=+ "\'\\<>[]{}|^`~!$*();,.-_\n\täß漢'),
      minLength: 6,
      maxLength: 20,
    });
    fc.assert(
      fc.property(odd, (password) => {
        fc.pre(/[a-zA-Z0-9äß漢].*[a-zA-Z0-9äß漢].*[a-zA-Z0-9äß漢]/s.test(password));
        loginsFor(mask).learn({ user: 'admin', password });
        passwords.push(password);
        const url = `rtsp://admin:${password}@cam/s1`;
        const coded = `rtsp://admin:${encodeURIComponent(password)}@cam/s1`;
        log.write(line({ message: `${url}: 401 Unauthorized`, fields: { url, coded, [password]: 1 } }));
        log.write(line({ level: 'debug', message: `said ${password} and ${coded}` }));
      }),
      { numRuns: 1000 },
    );
    const entries = await written(log, passwords.length * 2);
    const shown = log.recent.find({ ...all, limit: 1000 });
    expect(passwords.length).toBeGreaterThanOrEqual(1000);
    const texts = [everything(), JSON.stringify(entries), JSON.stringify(shown)];
    const hits = passwords.filter((password) =>
      [password, encodeURIComponent(password), JSON.stringify(password).slice(1, -1)].some((form) =>
        texts.some((text) => text.includes(form)),
      ),
    );
    expect(hits).toEqual([]);
  });
});

const all = { least: 'debug', process: null, sourceId: null, text: '', limit: 100 } as const;

describe('the recent lines', () => {
  test('are found by level, process, source and text', () => {
    book = openLogSink(folder, 'debug');
    book.write(line({ level: 'debug', message: 'a frame' }));
    book.write(line({ level: 'error', process: 'store', sourceId: null, message: 'Disk FULL' }));
    book.write(
      line({ level: 'warn', sourceId: 'cam-2', message: 'stalled', fields: { cause: 'no frames' } }),
    );
    const { recent } = book;
    const found = (filter: object): string[] =>
      recent.find({ ...all, ...filter }).lines.map(({ message }) => message);
    expect(found({})).toEqual(['a frame', 'Disk FULL', 'stalled']);
    expect(found({ least: 'warn' })).toEqual(['Disk FULL', 'stalled']);
    expect(found({ process: 'store' })).toEqual(['Disk FULL']);
    expect(found({ sourceId: 'cam-2' })).toEqual(['stalled']);
    expect(found({ text: 'disk full' })).toEqual(['Disk FULL']);
    expect(found({ text: 'cause=no' })).toEqual(['stalled']);
    expect(recent.processes).toEqual(['capture', 'store']);
    expect(z.array(logEntrySchema).safeParse(recent.find(all).lines).success).toBe(true);
  });

  test('are bounded, and the newest stay', () => {
    book = openLogSink(folder, 'info');
    for (let n = 0; n < 13_000; n++) book.recent.add(line({ message: `${n}` }));
    const { lines, matching } = book.recent.find(all);
    expect(matching).toBeLessThanOrEqual(6000);
    expect(lines.at(-1)?.message).toBe('12999');
    expect(lines).toHaveLength(100);
  });
});
