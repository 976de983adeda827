import { afterEach, describe, expect, test } from 'vitest';
import { ModelThread } from '../../../../src-worker/detection/model/model-thread.ts';
import { openSession } from '../../../../src-worker/detection/model/session.ts';
import { tinyModel, tinySpec } from './model-fixture.ts';

const threadFile = new URL('../../../../src-worker/detection/model/inference-thread.ts', import.meta.url);
const SIDE = 32;
const picture = (): Float32Array => new Float32Array(3 * SIDE * SIDE).fill(0.5);

let thread = new ModelThread(threadFile);
afterEach(async () => {
  await thread.close();
  thread = new ModelThread(threadFile);
});

describe('a model in a thread of its own', () => {
  test('says what it says on this thread', async () => {
    const bytes = tinyModel();
    const here = await openSession(bytes, tinySpec(bytes), 'cpu');
    const there = await thread.open(bytes, tinySpec(bytes), 'cpu');
    const expected = (await here.run(picture(), SIDE, SIDE)).output;
    expect((await there.run(picture(), SIDE, SIDE)).output).toEqual(expected);
    await here.release();
  });

  test('takes the tensor over and hands its memory back', async () => {
    const bytes = tinyModel();
    const session = await thread.open(bytes, tinySpec(bytes), 'cpu');
    const mine = picture();
    const running = session.run(mine, SIDE, SIDE);
    expect(mine.length).toBe(0);
    const { input } = await running;
    expect(input).toEqual(picture());
  });

  test('lets this thread go on while it runs', async () => {
    const bytes = tinyModel();
    const session = await thread.open(bytes, tinySpec(bytes), 'cpu');
    const order: string[] = [];
    const running = session.run(picture(), SIDE, SIDE).then(() => order.push('ran'));
    setImmediate(() => order.push('meanwhile'));
    await running;
    expect(order).toEqual(['meanwhile', 'ran']);
  });

  test('names a model that cannot be read, and goes on with the next', async () => {
    const bytes = tinyModel();
    const spec = tinySpec(bytes);
    await expect(thread.open(new Uint8Array(64).fill(7), spec, 'cpu')).rejects.toMatchObject({
      kind: 'model-corrupt',
    });
    const session = await thread.open(bytes, spec, 'cpu');
    expect((await session.run(picture(), SIDE, SIDE)).output.length).toBeGreaterThan(0);
  });

  test('names a picture of the wrong size, and goes on with the next', async () => {
    const bytes = tinyModel();
    const session = await thread.open(bytes, tinySpec(bytes), 'cpu');
    await expect(session.run(picture(), SIDE * 2, SIDE)).rejects.toMatchObject({ kind: 'model-failed' });
    expect((await session.run(picture(), SIDE, SIDE)).output.length).toBeGreaterThan(0);
  });

  test('a released session answers by name', async () => {
    const bytes = tinyModel();
    const session = await thread.open(bytes, tinySpec(bytes), 'cpu');
    await session.release();
    await expect(session.run(picture(), SIDE, SIDE)).rejects.toMatchObject({ kind: 'closed' });
  });

  test('a run under way when the thread is closed is refused, not left hanging', async () => {
    const bytes = tinyModel();
    const session = await thread.open(bytes, tinySpec(bytes), 'cpu');
    const running = session.run(picture(), SIDE, SIDE);
    const closing = thread.close();
    await expect(running.then(() => 'ran').catch((error: { kind: string }) => error.kind)).resolves.toMatch(
      /^(ran|closed)$/,
    );
    await closing;
  });
});
