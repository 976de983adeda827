import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AliveStamp } from '../../../../src-main/power/alive-stamp.ts';

let folder = '';
let nowMs = 0;
const clock = { wallMs: () => nowMs };
const path = (): string => join(folder, 'alive');
const started = (): AliveStamp => new AliveStamp(path(), clock);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ivis-alive-'));
  nowMs = 1_000_000;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the stamp that says until when ivis ran', () => {
  it('tells a start after a kill when the one before was last alive', () => {
    const first = started();
    expect(first.ranUntilWallMs).toBeNull();
    nowMs += 7000.4;
    first.look();
    nowMs += 3_600_000;
    expect(started().ranUntilWallMs).toBe(1_007_000);
  });

  it('tells nothing after an end in order', () => {
    const first = started();
    first.ended();
    expect(existsSync(path())).toBe(false);
    nowMs += 3_600_000;
    expect(started().ranUntilWallMs).toBeNull();
  });

  it('never tells a moment to come, though the clock was set back', () => {
    started();
    nowMs -= 60_000;
    expect(started().ranUntilWallMs).toBe(940_000);
  });

  it.each(['', 'rubbish', '-5', 'NaN', '12.5', '1e999'])('takes %j for no stamp', (text) => {
    writeFileSync(path(), text);
    expect(started().ranUntilWallMs).toBeNull();
  });

  it('stops nothing when it cannot be written', () => {
    const nowhere = new AliveStamp(join(folder, 'gone', 'alive'), clock);
    nowhere.look();
    nowhere.ended();
    expect(nowhere.ranUntilWallMs).toBeNull();
  });
});
