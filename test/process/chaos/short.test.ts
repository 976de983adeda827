import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { endLive } from '../../chaos/live-end.ts';
import { playLiveRound } from '../../chaos/live-round.ts';
import { LiveWorld } from '../../chaos/live-world.ts';
import { playRound, type Round } from '../../chaos/round.ts';
import { scheduleOf } from '../../chaos/schedule.ts';
import { faultTable } from '../../chaos/tally.ts';
import { displayMissing } from '../../drivers/display.ts';
import { rtspMissing } from '../../drivers/rtsp-server.ts';
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

const missing = displayMissing() ?? rtspMissing();

describe.skipIf(missing !== null)(
  `random faults of a window${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    it('all is well again after each, and the password is seen nowhere', { timeout: 170_000 }, async () => {
      const world = await LiveWorld.open(folder);
      const rounds: Round[] = [];
      for (const seed of [1, 3, 6, 7, 9]) rounds.push(await playLiveRound(seed, world));
      rounds.push(await endLive(world));
      console.log(faultTable(rounds));
      expect(rounds.flatMap(({ seed, broken }) => broken.map((each) => `seed ${seed}: ${each}`))).toEqual([]);
      expect(rounds.flatMap(({ faults }) => faults)).toHaveLength(5);
    });
  },
);
