import { beforeEach, describe, expect, it } from 'vitest';
import { toFault } from '#shared/domain/fault-text.ts';
import { speedOf } from '../../../../src-renderer/figures/speed-window.ts';
import { sourceById, useAppState } from '../../../../src-renderer/stores/app-state-store.ts';
import { useChoice } from '../../../../src-renderer/stores/choice-store.ts';
import { useEditor } from '../../../../src-renderer/stores/editor-store.ts';
import { useNotices } from '../../../../src-renderer/stores/notice-store.ts';
import { sourceWith, stateWith } from '../app-states.ts';

beforeEach(() => {
  useAppState.setState(useAppState.getInitialState());
  useChoice.setState(useChoice.getInitialState());
  useEditor.setState(useEditor.getInitialState());
  useNotices.setState(useNotices.getInitialState());
});

describe('the state as main tells it', () => {
  it('is kept as it came, with the speed of each source beside it', () => {
    const progress = sourceWith().progress;
    if (progress === null) throw new Error('the source has progress');
    useAppState.getState().receive(stateWith());
    const later = sourceWith({ elapsedMs: 6000, progress: { ...progress, ptsMs: 9000 } });
    useAppState.getState().receive(stateWith({ sources: [later] }));
    expect(sourceById('file-1')).toEqual(later);
    expect(speedOf(useAppState.getState().samples['file-1'] ?? [])).toBe(2);
    expect(sourceById('gone')).toBeNull();
  });
});

describe('the choice of a source', () => {
  it('stays on a source that exists and moves to the first when it is gone', () => {
    const { choose, keepTo } = useChoice.getState();
    choose('b');
    keepTo(['a', 'b']);
    expect(useChoice.getState().sourceId).toBe('b');
    keepTo(['a', 'c']);
    expect(useChoice.getState().sourceId).toBe('a');
    keepTo([]);
    expect(useChoice.getState().sourceId).toBeNull();
  });

  it('moves along the list and stops at its ends', () => {
    const { choose, move } = useChoice.getState();
    choose('b');
    move(5, ['a', 'b', 'c']);
    expect(useChoice.getState().sourceId).toBe('c');
    move(-1, ['a', 'b', 'c']);
    expect(useChoice.getState().sourceId).toBe('b');
  });
});

describe('notices', () => {
  it('keep a refusal with its fault and say the same thing once', () => {
    const { say, complain } = useNotices.getState();
    const fault = toFault('output-full', 'ENOSPC');
    complain(fault);
    say('Done', '');
    complain(fault);
    expect(useNotices.getState().notices.map((notice) => notice.title)).toEqual(['Done', fault.title]);
    expect(useNotices.getState().notices[1]?.fault).toEqual(fault);
  });

  it('are at most four, and go when dismissed', () => {
    const { say, dismiss } = useNotices.getState();
    for (const title of ['1', '2', '3', '4', '5']) say(title, '');
    const { notices } = useNotices.getState();
    expect(notices.map((notice) => notice.title)).toEqual(['2', '3', '4', '5']);
    dismiss(notices[0]?.id ?? -1);
    expect(useNotices.getState().notices).toHaveLength(3);
  });
});

describe('the tool in hand', () => {
  const scene = { picture: { width: 640, height: 360 }, shapes: [], reach: 8 };

  it('hands on what is to be done and keeps the explanation while the pointer moves', () => {
    const { step } = useEditor.getState();
    step({ kind: 'tool-chosen', tool: 'line' }, scene);
    step({ kind: 'pointer-down', at: { x: 100, y: 100 } }, scene);
    step({ kind: 'pointer-down', at: { x: 102, y: 100 } }, scene);
    step({ kind: 'pointer-moved', at: { x: 150, y: 100 } }, scene);
    expect(useEditor.getState().hint).toContain('too short');
    const effects = step({ kind: 'pointer-down', at: { x: 200, y: 100 } }, scene);
    expect(effects.map((effect) => effect.kind)).toEqual(['drawn']);
    expect(useEditor.getState()).toMatchObject({ state: { kind: 'idle' }, hint: '' });
  });
});
