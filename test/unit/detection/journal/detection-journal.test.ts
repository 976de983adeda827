import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Detection } from '#shared/domain/detection.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import { DetectionJournal } from '../../../../src-worker/detection/journal/detection-journal.ts';
import { readRecord, recordOf } from '../../../../src-worker/detection/journal/journal-record.ts';

const folder = mkdtempSync(join(tmpdir(), 'ivis-journal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const freshPath = (): string => join(folder, 'journals', `${++files}.journal`);

const labels = ['person', 'car'];
const keyA = Buffer.alloc(32, 1);
const keyB = Buffer.alloc(32, 2);
const FRAME_MS = 40;

const frame = (seq: number, ptsMs: number | null = seq * FRAME_MS): FrameDescriptor => ({
  ...{ ring: 'r', epoch: 1, slot: 0, generation: 2, seq, ptsMs, wallMs: 0, monoMs: 0 },
  ...{ width: 64, height: 64, pixelFormat: 'i420' },
});

/** So many detections as the frame has a number, of sizes that no rounding leaves as they are. */
const inFrame = (seq: number): Detection[] =>
  Array.from({ length: seq % 5 }, (_, i) => ({
    box: { x1: i / 3, y1: 0.1, x2: i / 3 + Math.PI, y2: 20 + seq / 7 },
    label: labels[i % 2] ?? '',
    confidence: 1 / (2 + i + seq),
  }));

interface Opened {
  readonly journal: DetectionJournal;
  readonly failures: string[];
}

function open(path: string, key = keyA): Opened {
  const failures: string[] = [];
  const failed = (why: string): void => void failures.push(why);
  return { journal: new DetectionJournal({ path, key, labels, monoMs: () => 0, failed }), failures };
}

/** An analysis from the first frame to before `to`: which frames had to be looked at, which was what was seen. */
function analyse({ journal }: Opened, to: number): { looked: number[]; seen: Detection[][] } {
  const looked: number[] = [];
  const seen = Array.from({ length: to }, (_, seq) => {
    const before = journal.seen(frame(seq));
    if (before !== null) return before;
    looked.push(seq);
    journal.keep(frame(seq), inFrame(seq));
    return inFrame(seq);
  });
  return { looked, seen };
}

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const truth = (to: number): Detection[][] => numbers(0, to).map(inFrame);

/** A journal of an analysis that ended before this frame. */
function journalTo(seq: number): string {
  const path = freshPath();
  const first = open(path);
  analyse(first, seq);
  first.journal.close();
  return path;
}

describe('a journal of what was seen', () => {
  it('is taken over as far as it goes, and goes on from there', () => {
    const path = journalTo(40);
    const second = open(path);
    expect(analyse(second, 70)).toEqual({ looked: numbers(40, 70), seen: truth(70) });
    expect(second.journal.taken).toBe(40);
    second.journal.close();
    const third = open(path);
    expect(analyse(third, 100)).toEqual({ looked: numbers(70, 100), seen: truth(100) });
    expect(third.failures).toEqual([]);
  });

  it('holds for as many times as the film is analysed to its end', () => {
    const path = journalTo(30);
    const bytes = readFileSync(path);
    for (let n = 0; n < 2; n++) {
      const again = open(path);
      expect(analyse(again, 30).looked).toEqual([]);
      again.journal.close();
    }
    expect(readFileSync(path)).toEqual(bytes);
  });

  it('is begun anew when what was seen depends on something else', () => {
    const path = journalTo(30);
    const other = open(path, keyB);
    expect(analyse(other, 10).looked).toEqual(numbers(0, 10));
    other.journal.close();
    expect(analyse(open(path, keyB), 20).looked).toEqual(numbers(10, 20));
    expect(analyse(open(path), 5).looked).toEqual(numbers(0, 5));
  });

  it('holds up to the frame that has another time, and no further', () => {
    const path = journalTo(30);
    const second = open(path);
    analyse(second, 20);
    expect(second.journal.seen(frame(20, 1))).toBeNull();
    second.journal.keep(frame(20, 1), inFrame(3));
    for (const seq of numbers(21, 30)) expect(second.journal.seen(frame(seq))).toBeNull();
    second.journal.close();
    const third = open(path);
    analyse(third, 20);
    expect(third.journal.seen(frame(20, 1))).toEqual(inFrame(3));
    expect(third.journal.taken).toBe(21);
  });

  it('knows a frame without a time of its own', () => {
    const path = freshPath();
    const first = open(path);
    expect(first.journal.seen(frame(0, null))).toBeNull();
    first.journal.keep(frame(0, null), inFrame(4));
    first.journal.close();
    expect(open(path).journal.seen(frame(0, null))).toEqual(inFrame(4));
  });

  it('lets a frame between be looked at that it has not', () => {
    const path = freshPath();
    const first = open(path);
    for (const seq of numbers(0, 20)) {
      first.journal.seen(frame(seq));
      // The model failed on this one.
      if (seq !== 7) first.journal.keep(frame(seq), inFrame(seq));
    }
    first.journal.close();
    const again = open(path);
    expect(analyse(again, 25).looked).toEqual([7, ...numbers(20, 25)]);
    again.journal.close();
    expect(analyse(open(path), 25).looked).toEqual([7]);
  });

  it('holds up to what was cut off, wherever that is', () => {
    const whole = readFileSync(journalTo(12));
    for (let bytes = 0; bytes <= whole.length; bytes++) {
      const path = freshPath();
      writeFileSync(path, whole.subarray(0, bytes));
      const { looked, seen } = analyse(open(path), 12);
      expect(seen).toEqual(truth(12));
      expect(looked).toEqual(numbers(12 - looked.length, 12));
    }
  });

  it('holds up to what was damaged: never is another detection made of it', () => {
    const whole = readFileSync(journalTo(12));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const path = freshPath();
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        writeFileSync(path, bytes);
        const opened = open(path);
        expect(analyse(opened, 12).seen).toEqual(truth(12));
        opened.journal.close();
        expect(analyse(open(path), 12)).toEqual({ looked: [], seen: truth(12) });
      }),
    );
  });

  it('is longer than what is read at once', () => {
    const path = freshPath();
    const crowd = Array.from({ length: 900 }, () => inFrame(4)[0] as Detection);
    const first = open(path);
    for (const seq of numbers(0, 30)) {
      first.journal.seen(frame(seq));
      first.journal.keep(frame(seq), crowd);
    }
    first.journal.close();
    expect(statSync(path).size).toBeGreaterThan(1_000_000);
    truncateSync(path, statSync(path).size - 1);
    const again = open(path);
    for (const seq of numbers(0, 29)) expect(again.journal.seen(frame(seq))).toEqual(crowd);
    expect(again.journal.seen(frame(29))).toBeNull();
  });

  it('says that it cannot be kept and disturbs nothing', () => {
    const blocked = join(folder, 'a-file');
    writeFileSync(blocked, '');
    const opened = open(join(blocked, 'x.journal'));
    expect(analyse(opened, 10)).toEqual({ looked: numbers(0, 10), seen: truth(10) });
    opened.journal.close();
    expect(opened.failures).toHaveLength(1);
  });

  it('is closed for good, and is no file before there is a frame', () => {
    const path = freshPath();
    const opened = open(path);
    expect(existsSync(path)).toBe(false);
    opened.journal.close();
    expect(analyse(opened, 3).looked).toEqual(numbers(0, 3));
    expect(existsSync(path)).toBe(false);
  });

  it('keeps no class that the model does not have', () => {
    const [odd] = inFrame(1);
    expect(
      recordOf({ seq: 1, ptsMs: 0, detections: [{ ...(odd as Detection), label: 'tree' }] }, labels),
    ).toBeNull();
    const record = recordOf({ seq: 1, ptsMs: 0, detections: inFrame(3) }, labels) ?? Buffer.alloc(0);
    // Read by a model with fewer classes.
    expect(readRecord(record, ['person'])).toBeNull();
  });
});
