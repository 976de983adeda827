import { describe, expect, it } from 'vitest';
import { FolderCore, SETTLED_LOOK_MS } from '../../../../src-main/folders/folder-core.ts';

const file = (name: string, size: number, mtimeMs = 1) => ({ name, size, mtimeMs });

/** Looks as the folder does: asks what is due, finds those, takes them. */
function look(core: FolderCore, there: readonly ReturnType<typeof file>[], nowMs: number): string[] {
  const due = core.due(
    there.map((each) => each.name),
    nowMs,
  );
  return core
    .take(
      there.filter((each) => due.includes(each.name)),
      nowMs,
    )
    .map((each) => each.name);
}

describe('a watched folder', () => {
  it('takes a file once its size rested half a second', () => {
    const core = new FolderCore();
    expect(look(core, [file('a.mp4', 10)], 0)).toEqual([]);
    expect(look(core, [file('a.mp4', 20)], 400)).toEqual([]);
    expect(look(core, [file('a.mp4', 20)], 800)).toEqual([]);
    expect(core.growing).toBe(1);
    expect(look(core, [file('a.mp4', 20)], 900)).toEqual(['a.mp4']);
    expect(core.growing).toBe(0);
    expect(look(core, [file('a.mp4', 20)], 100_000)).toEqual([]);
  });

  it('does not take an empty file, however long it rests', () => {
    const core = new FolderCore();
    look(core, [file('a.mp4', 0)], 0);
    expect(look(core, [file('a.mp4', 0)], 10_000)).toEqual([]);
    look(core, [file('a.mp4', 5, 2)], 11_000);
    expect(look(core, [file('a.mp4', 5, 2)], 11_600)).toEqual(['a.mp4']);
  });

  it('waits when only the time of the file moves, as while a recorder rewrites its header', () => {
    const core = new FolderCore();
    look(core, [file('a.mp4', 9, 1)], 0);
    expect(look(core, [file('a.mp4', 9, 2)], 600)).toEqual([]);
    expect(look(core, [file('a.mp4', 9, 2)], 1100)).toEqual(['a.mp4']);
  });

  it('looks at settled files only now and then', () => {
    const core = new FolderCore();
    look(core, [file('a.mp4', 9)], 0);
    look(core, [file('a.mp4', 9)], 600);
    expect(core.due(['a.mp4', 'b.mp4'], 1200)).toEqual(['b.mp4']);
    expect(core.due(['a.mp4'], 600 + SETTLED_LOOK_MS)).toEqual(['a.mp4']);
  });

  it('takes a file again that was written anew under its old name', () => {
    const core = new FolderCore();
    look(core, [file('a.mp4', 9, 1)], 0);
    look(core, [file('a.mp4', 9, 1)], 600);
    expect(look(core, [file('a.mp4', 12, 5)], 40_000)).toEqual([]);
    expect(look(core, [file('a.mp4', 12, 5)], 40_600)).toEqual(['a.mp4']);
  });

  it('forgets files that are gone', () => {
    const core = new FolderCore();
    look(core, [file('a.mp4', 9)], 0);
    look(core, [], 100);
    expect(core.growing).toBe(0);
    look(core, [file('a.mp4', 9)], 200);
    expect(look(core, [file('a.mp4', 9)], 400)).toEqual([]);
    expect(look(core, [file('a.mp4', 9)], 700)).toEqual(['a.mp4']);
  });
});
