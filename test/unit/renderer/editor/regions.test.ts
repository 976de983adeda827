import { describe, expect, it } from 'vitest';
import { settingsWithDrawn } from '../../../../src-renderer/editor/apply.ts';
import type { EditorTool } from '../../../../src-renderer/editor/drawings.ts';
import { stepEditor } from '../../../../src-renderer/editor/editor.ts';
import {
  type EditorEffect,
  type EditorEvent,
  type EditorState,
  IDLE,
} from '../../../../src-renderer/editor/editor-state.ts';
import { sourceWith } from '../app-states.ts';

const scene = { picture: { width: 640, height: 360 }, shapes: [], reach: 8 };
const down = (x: number, y: number): EditorEvent => ({ kind: 'pointer-down', at: { x, y } });
const moved = (x: number, y: number): EditorEvent => ({ kind: 'pointer-moved', at: { x, y } });
const up = (x: number, y: number): EditorEvent => ({ kind: 'pointer-up', at: { x, y } });
const take = (tool: EditorTool): EditorEvent => ({ kind: 'tool-chosen', tool });

function play(...events: EditorEvent[]): { state: EditorState; effects: EditorEffect[] } {
  let state: EditorState = IDLE;
  const effects: EditorEffect[] = [];
  for (const event of events) {
    const step = stepEditor(state, event, scene);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

describe('drawing a mask', () => {
  it.each(['include', 'exclude'] as const)(
    'sets corners of an area to %s and closes it by Enter',
    (which) => {
      const corners = [down(20, 20), down(200, 30), down(120, 200)];
      const { state, effects } = play(take(which), ...corners, { kind: 'confirmed' });
      expect(state).toEqual(IDLE);
      expect(effects).toEqual([
        {
          kind: 'drawn',
          tool: which,
          points: [
            { x: 20, y: 20 },
            { x: 200, y: 30 },
            { x: 120, y: 200 },
          ],
        },
      ]);
    },
  );

  it('refuses an area of two corners', () => {
    const { effects } = play(take('exclude'), down(20, 20), down(200, 30), { kind: 'confirmed' });
    expect(effects).toEqual([{ kind: 'explain', text: 'An area needs at least three corners.' }]);
  });
});

describe('drawing a cut-out', () => {
  const box = { x1: 100, y1: 50, x2: 400, y2: 300 };
  const cropOf = (effects: readonly EditorEffect[]) =>
    effects.map((effect) =>
      effect.kind === 'drawn'
        ? settingsWithDrawn(sourceWith().settings, scene.picture, effect.tool, effect.points).regions?.crop
        : null,
    );

  it('takes two clicks on opposite corners, in any order', () => {
    for (const [first, second] of [
      [down(100, 50), down(400, 300)],
      [down(400, 50), down(100, 300)],
      [down(400, 300), down(100, 50)],
    ] as const) {
      const { state, effects } = play(take('crop'), first, moved(1, 1), second);
      expect(state).toEqual(IDLE);
      expect(cropOf(effects)).toEqual([box]);
    }
  });

  it('takes press, drag and release', () => {
    expect(cropOf(play(take('crop'), down(100, 50), moved(400, 300), up(400, 300)).effects)).toEqual([box]);
  });

  it('holds on to the edge of the picture', () => {
    expect(cropOf(play(take('crop'), down(3, 4), down(637, 358)).effects)).toEqual([
      { x1: 0, y1: 0, x2: 639, y2: 359 },
    ]);
  });

  it('refuses one that is too small to find anything in', () => {
    const { state, effects } = play(take('crop'), down(100, 50), down(110, 60));
    expect(state.kind).toBe('drawing');
    expect(effects).toEqual([{ kind: 'explain', text: expect.stringContaining('32 pixels') }]);
  });

  it('is given up by Esc, first its corner, then the tool', () => {
    expect(play(take('crop'), down(100, 50), { kind: 'cancelled' }).state).toMatchObject({ points: [] });
    expect(play(take('crop'), { kind: 'cancelled' }).state).toEqual(IDLE);
  });
});
