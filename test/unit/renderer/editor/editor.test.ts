import { describe, expect, it } from 'vitest';
import { stepEditor } from '../../../../src-renderer/editor/editor.ts';
import {
  type EditorEffect,
  type EditorEvent,
  type EditorScene,
  type EditorState,
  IDLE,
} from '../../../../src-renderer/editor/editor-state.ts';

const scene: EditorScene = {
  picture: { width: 640, height: 360 },
  shapes: [
    {
      kind: 'line',
      name: 'gate',
      points: [
        { x: 100, y: 100 },
        { x: 100, y: 300 },
      ],
    },
  ],
  reach: 8,
};

const down = (x: number, y: number): EditorEvent => ({ kind: 'pointer-down', at: { x, y } });
const moved = (x: number, y: number): EditorEvent => ({ kind: 'pointer-moved', at: { x, y } });
const up = (x: number, y: number): EditorEvent => ({ kind: 'pointer-up', at: { x, y } });
const line: EditorEvent = { kind: 'tool-chosen', tool: 'line' };
const zone: EditorEvent = { kind: 'tool-chosen', tool: 'zone' };
const cancelled: EditorEvent = { kind: 'cancelled' };
const confirmed: EditorEvent = { kind: 'confirmed' };

/** What comes of these events one after another. */
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

describe('drawing a line', () => {
  it('takes a click for each end and then puts the tool away', () => {
    const { state, effects } = play(line, down(200, 50), up(200, 50), moved(300, 200), down(300, 200));
    expect(state).toEqual(IDLE);
    expect(effects).toEqual([
      {
        kind: 'drawn',
        tool: 'line',
        points: [
          { x: 200, y: 50 },
          { x: 300, y: 200 },
        ],
      },
    ]);
  });

  it('takes one press, drag and release as well', () => {
    const { state, effects } = play(line, down(200, 50), moved(250, 120), up(300, 200));
    expect(state).toEqual(IDLE);
    expect(effects).toHaveLength(1);
  });

  it('snaps its ends to the edges of the picture', () => {
    const { effects } = play(line, down(200, 3), up(200, 3), down(201, 355));
    expect(effects[0]).toMatchObject({
      points: [
        { x: 200, y: 0 },
        { x: 201, y: 359 },
      ],
    });
  });

  it('explains that a line is too short instead of adding it', () => {
    const { state, effects } = play(line, down(200, 50), up(200, 50), down(204, 52));
    expect(state.kind).toBe('drawing');
    expect(effects).toEqual([{ kind: 'explain', text: expect.stringContaining('too short') }]);
  });

  it('gives up the start at the first Esc and the tool at the second', () => {
    expect(play(line, down(200, 50), cancelled).state).toMatchObject({ kind: 'drawing', points: [] });
    expect(play(line, down(200, 50), cancelled, cancelled)).toEqual({ state: IDLE, effects: [] });
  });
});

describe('moving the end of a line', () => {
  it('changes the line only when the button is let go', () => {
    const held = play(down(103, 298), moved(150, 250));
    expect(held.state).toMatchObject({ kind: 'dragging', shape: { name: 'gate' }, index: 1 });
    expect(held.effects).toEqual([]);
    const { state, effects } = play(down(103, 298), moved(150, 250), up(160, 240));
    expect(state).toEqual(IDLE);
    expect(effects).toEqual([
      {
        kind: 'moved',
        shape: {
          kind: 'line',
          name: 'gate',
          points: [
            { x: 100, y: 100 },
            { x: 160, y: 240 },
          ],
        },
      },
    ]);
  });

  it('changes nothing for a click that does not move, or after Esc', () => {
    expect(play(down(100, 300), up(100, 300))).toEqual({ state: IDLE, effects: [] });
    expect(play(down(100, 300), moved(200, 200), cancelled, up(200, 200))).toEqual({
      state: IDLE,
      effects: [],
    });
  });

  it('does not let a line shrink to a point', () => {
    const { effects } = play(down(100, 300), up(101, 104));
    expect(effects).toEqual([{ kind: 'explain', text: expect.stringContaining('too short') }]);
  });

  it('does not begin away from an end', () => {
    expect(play(down(100, 200)).state).toEqual(IDLE);
  });
});

describe('drawing a zone', () => {
  const corners = [down(200, 50), down(300, 60), down(280, 200)];

  it('is closed by a click on its first corner', () => {
    const { state, effects } = play(zone, ...corners, down(204, 53));
    expect(state).toEqual(IDLE);
    expect(effects[0]).toMatchObject({ kind: 'drawn', tool: 'zone' });
    expect(effects[0]?.kind === 'drawn' && effects[0].points).toHaveLength(3);
  });

  it('is closed by Enter, but not with two corners', () => {
    expect(play(zone, ...corners, confirmed).effects[0]?.kind).toBe('drawn');
    expect(play(zone, down(200, 50), down(300, 60), confirmed).effects).toEqual([
      { kind: 'explain', text: expect.stringContaining('three corners') },
    ]);
  });

  it('is refused when its outline crosses itself', () => {
    const { state, effects } = play(
      zone,
      down(200, 50),
      down(300, 200),
      down(300, 50),
      down(200, 200),
      confirmed,
    );
    expect(state.kind).toBe('drawing');
    expect(effects).toEqual([{ kind: 'explain', text: expect.stringContaining('crosses itself') }]);
  });

  it('loses its last corner at Esc, and the tool when there is none left', () => {
    expect(play(zone, ...corners, cancelled).state).toMatchObject({
      points: [
        { x: 200, y: 50 },
        { x: 300, y: 60 },
      ],
    });
    expect(play(zone, down(200, 50), cancelled, cancelled).state).toEqual(IDLE);
  });

  it('takes a double click for one corner', () => {
    expect(play(zone, down(200, 50), down(201, 51)).state).toMatchObject({ points: [{ x: 200, y: 50 }] });
  });
});

describe('a line with corners', () => {
  const bend = (x: number, y: number): EditorEvent => ({ kind: 'pointer-down', at: { x, y }, more: true });

  it('goes on at every click with Shift and ends with the one without', () => {
    const { state, effects } = play(line, down(200, 50), bend(300, 100), bend(300, 200), down(400, 250));
    expect(state).toEqual(IDLE);
    expect(effects).toMatchObject([
      { kind: 'drawn', points: [{ x: 200 }, { x: 300 }, { x: 300 }, { x: 400 }] },
    ]);
  });

  it('ends with Enter or a double click too, and loses its last corner at Esc', () => {
    const begun = [line, down(200, 50), bend(300, 100)];
    expect(play(...begun, confirmed).effects).toMatchObject([{ points: [{ x: 200 }, { x: 300 }] }]);
    expect(play(...begun, down(301, 101)).effects).toMatchObject([{ points: [{ x: 200 }, { x: 300 }] }]);
    expect(play(...begun, cancelled).state).toMatchObject({ points: [{ x: 200, y: 50 }] });
  });
});

describe('a rectangle on the ground', () => {
  const ground: EditorEvent = { kind: 'tool-chosen', tool: 'ground' };

  it('is whole with its fourth corner', () => {
    const { state, effects } = play(ground, down(200, 300), down(400, 300), down(350, 200), down(250, 200));
    expect(state).toEqual(IDLE);
    expect(effects).toMatchObject([{ kind: 'drawn', tool: 'ground', points: { length: 4 } }]);
  });

  it('takes no corner inside the other three, and not less than four', () => {
    const dent = play(ground, down(200, 300), down(400, 300), down(300, 100), down(300, 200));
    expect(dent.state).toMatchObject({ kind: 'drawing', points: { length: 3 } });
    expect(dent.effects).toEqual([{ kind: 'explain', text: expect.stringContaining('go round') }]);
    expect(play(ground, down(200, 300), down(400, 300), confirmed).effects).toMatchObject([
      { kind: 'explain' },
    ]);
  });
});

describe('moving a corner of any shape', () => {
  const square = [
    { x: 200, y: 100 },
    { x: 300, y: 100 },
    { x: 300, y: 200 },
    { x: 200, y: 200 },
  ];

  it.each(['zone', 'ground', 'gate'] as const)('changes the %s that has it', (kind) => {
    const own: EditorScene = { ...scene, shapes: [...scene.shapes, { kind, name: 'a', points: square }] };
    const held = stepEditor(IDLE, down(301, 199), own);
    const { effects } = stepEditor(held.state, up(330, 230), own);
    expect(effects).toMatchObject([{ kind: 'moved', shape: { kind, name: 'a', points: { length: 4 } } }]);
  });

  it('is refused where the shape would cross itself', () => {
    const own: EditorScene = { ...scene, shapes: [{ kind: 'zone', name: 'a', points: square }] };
    const held = stepEditor(IDLE, down(300, 200), own);
    const { state, effects } = stepEditor(held.state, up(250, 50), own);
    expect(state).toEqual(IDLE);
    expect(effects).toMatchObject([{ kind: 'explain' }]);
  });
});
