import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameMatcher, type WaitingPicture } from '../../../../src-renderer/overlay/frame-matcher.ts';
import { resultOf, trackAt } from '../results.ts';

const LIMITS = { waitMs: 500, pictures: 8, results: 240 };

function picture(seq: number, arrivedMs = 0, ptsMs: number | null = seq * 40): WaitingPicture<string> {
  return { seq, ptsMs, arrivedMs, payload: `picture ${seq}` };
}

describe('a picture and its boxes', () => {
  it('waits until the result of the same frame has come', () => {
    const matcher = new FrameMatcher<string>(LIMITS);
    matcher.addPicture(picture(3));
    matcher.addResult(resultOf(2, [trackAt(1, 2, 10)]));
    expect(matcher.take(100)).toBeNull();
    matcher.addResult(resultOf(3, [trackAt(1, 3, 14)]));
    const taken = matcher.take(110);
    expect(taken?.origin).toBe('matched');
    expect(taken?.boxes).toEqual([trackAt(1, 3, 14)]);
    expect(taken?.picture.payload).toBe('picture 3');
  });

  it('finds a result that came before the picture', () => {
    const matcher = new FrameMatcher<string>(LIMITS);
    for (let seq = 0; seq < 20; seq++) matcher.addResult(resultOf(seq, [trackAt(1, seq, seq)]));
    matcher.addPicture(picture(7));
    expect(matcher.take(0)?.boxes[0]?.box.x1).toBe(7);
  });

  it('gets boxes between its neighbours, marked as such, when detection left its frame out', () => {
    const matcher = new FrameMatcher<string>(LIMITS);
    matcher.addPicture(picture(5));
    matcher.addResult(resultOf(4, [trackAt(1, 4, 100), trackAt(2, 4, 0)]));
    matcher.addResult(resultOf(8, [trackAt(1, 8, 140)]));
    const taken = matcher.take(10);
    expect(taken?.origin).toBe('bridged');
    expect(taken?.boxes).toHaveLength(1);
    expect(taken?.boxes[0]).toMatchObject({ trackId: 1, origin: 'interpolated', frame: 5, box: { x1: 110 } });
  });

  it('is drawn with boxes carried on when its own do not come in time', () => {
    const matcher = new FrameMatcher<string>(LIMITS);
    matcher.addResult(resultOf(0, [trackAt(1, 0, 100)]));
    matcher.addResult(resultOf(2, [trackAt(1, 2, 120)]));
    matcher.addPicture(picture(4, 1000));
    expect(matcher.take(1499)).toBeNull();
    expect(matcher.nextDueMs(1400)).toBe(100);
    const taken = matcher.take(1500);
    expect(taken?.origin).toBe('predicted');
    expect(taken?.boxes[0]).toMatchObject({ origin: 'predicted', box: { x1: 140 } });
  });

  it('is drawn without boxes when the last ones are too old to carry on', () => {
    const matcher = new FrameMatcher<string>(LIMITS);
    matcher.addResult(resultOf(0, [trackAt(1, 0, 100)]));
    matcher.addResult(resultOf(2, [trackAt(1, 2, 120)]));
    matcher.addPicture(picture(60, 0));
    expect(matcher.take(500)).toMatchObject({ origin: 'none', boxes: [] });
  });

  it('is drawn without boxes when no result ever came', () => {
    const matcher = new FrameMatcher<string>(LIMITS);
    matcher.addPicture(picture(0));
    expect(matcher.take(500)).toMatchObject({ origin: 'none', boxes: [], result: null });
  });

  it('matches by number where the stream has no times', () => {
    const matcher = new FrameMatcher<string>(LIMITS);
    matcher.addPicture(picture(5, 0, null));
    matcher.addResult(resultOf(4, [trackAt(1, 4, 100)]));
    matcher.addResult(resultOf(6, [trackAt(1, 6, 120)]));
    expect(matcher.take(0)?.boxes[0]?.box.x1).toBe(110);
  });
});

describe('the queue of pictures', () => {
  it('draws the newest picture that is ready and gives the overtaken ones back', () => {
    const matcher = new FrameMatcher<string>(LIMITS);
    for (const seq of [1, 2, 3]) matcher.addPicture(picture(seq));
    for (const seq of [1, 2]) matcher.addResult(resultOf(seq));
    const taken = matcher.take(0);
    expect(taken?.picture.seq).toBe(2);
    expect(taken?.overtaken.map((left) => left.seq)).toEqual([1]);
    expect(matcher.waiting).toBe(1);
  });

  it('gives the oldest back when it is full', () => {
    const matcher = new FrameMatcher<string>(LIMITS);
    for (let seq = 0; seq < 8; seq++) expect(matcher.addPicture(picture(seq))).toEqual([]);
    expect(matcher.addPicture(picture(8)).map((left) => left.seq)).toEqual([0]);
    expect(matcher.waiting).toBe(8);
  });

  it('refuses a picture that is older than one it has or has drawn', () => {
    const matcher = new FrameMatcher<string>(LIMITS);
    matcher.addPicture(picture(5));
    expect(matcher.addPicture(picture(4)).map((left) => left.seq)).toEqual([4]);
    matcher.addResult(resultOf(5));
    matcher.take(0);
    expect(matcher.addPicture(picture(5)).map((left) => left.seq)).toEqual([5]);
  });

  it('forgets the run before and gives its pictures back', () => {
    const matcher = new FrameMatcher<string>(LIMITS);
    matcher.addPicture(picture(90));
    matcher.addResult(resultOf(80, [trackAt(1, 80, 0)]));
    expect(matcher.reset().map((left) => left.seq)).toEqual([90]);
    expect(matcher.addPicture(picture(0))).toEqual([]);
    expect(matcher.take(500)).toMatchObject({ origin: 'none', result: null });
  });

  it('never loses a picture, never goes back, and never puts a box on another frame, whatever comes in which order', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('picture' as const), skip: fc.integer({ min: 0, max: 4 }) }),
      fc.record({ kind: fc.constant('result' as const), skip: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ kind: fc.constant('take' as const), skip: fc.integer({ min: 0, max: 400 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const matcher = new FrameMatcher<string>({ waitMs: 500, pictures: 8, results: 20 });
        let [nowMs, pictureSeq, resultSeq, added, released, lastDrawn] = [0, 0, 0, 0, 0, -1];
        for (const { kind, skip } of steps) {
          if (kind === 'picture') {
            pictureSeq += skip;
            added++;
            released += matcher.addPicture(picture(pictureSeq, nowMs)).length;
          } else if (kind === 'result') {
            resultSeq += skip;
            matcher.addResult(resultOf(resultSeq, [trackAt(1, resultSeq, resultSeq)]));
          } else {
            nowMs += skip;
            const taken = matcher.take(nowMs);
            if (taken === null) continue;
            released += taken.overtaken.length + 1;
            expect(taken.picture.seq).toBeGreaterThan(lastDrawn);
            lastDrawn = taken.picture.seq;
            for (const box of taken.boxes) expect(box.frame).toBe(taken.picture.seq);
            const found = taken.boxes.filter((box) => box.origin === 'detected');
            if (taken.origin !== 'matched') expect(found).toEqual([]);
          }
          expect(matcher.waiting).toBeLessThanOrEqual(8);
          expect(added).toBe(released + matcher.waiting);
        }
      }),
    );
  });
});
