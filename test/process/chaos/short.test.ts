import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { playRound, type Round } from '../../chaos/round.ts';
import { scheduleOf } from '../../chaos/schedule.ts';
import { faultTable } from '../../chaos/tally.ts';
import { temporaryFolder } from '../../fixtures/ffmpeg.ts';
import { movingPhotograph } from '../../fixtures/photograph.ts';

const { folder, remove } = temporaryFolder('chaos');
afterAll(remove);

describe('random faults', () => {
  it('are the same for the same seed', () => {
    for (const seed of [0, 1, 200]) expect(scheduleOf(seed)).toEqual(scheduleOf(seed));
    expect(new Set(Array.from({ length: 50 }, (_, seed) => JSON.stringify(scheduleOf(seed)))).size).toBe(50);
  });

  it('break no promise: nothing lost, nothing twice, nothing left over, and the counts are true', async () => {
    const clip = await movingPhotograph(join(folder, 'car.mp4'));
    const rounds: Round[] = [];
    for (const seed of [1, 2, 3]) rounds.push(await playRound(seed, clip, join(folder, 'out')));
    console.log(faultTable(rounds));
    expect(rounds.flatMap(({ seed, broken }) => broken.map((each) => `seed ${seed}: ${each}`))).toEqual([]);
    expect(rounds.flatMap(({ faults }) => faults).length).toBeGreaterThan(3);
  });
});
