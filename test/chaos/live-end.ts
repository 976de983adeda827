import { brokenInDatabase, brokenLeftOvers, brokenSecrecy } from '../drivers/invariants.ts';
import { tellingsOf } from '../drivers/tellings.ts';
import type { LiveWorld } from './live-world.ts';
import type { Round } from './round.ts';
import { SECRET } from './secret.ts';

const ORPHAN_MS = 5000;

/** Ends the window in order after all its faults: whole, nothing left over, and its secret told nowhere. */
export async function endLive(world: LiveWorld): Promise<Round> {
  const { dataFolder } = world;
  const broken: string[] = [];
  await world.close();
  await world.reopen();
  const { mainPid, family } = world;
  const tellings = await tellingsOf(world.live.window).catch((thrown: unknown) => {
    broken.push(`what it tells could not be read: ${String(thrown)}`);
    return [];
  });
  broken.push(...brokenSecrecy(SECRET.password, [dataFolder], family, tellings));
  await world.close();
  const untilMs = performance.now() + ORPHAN_MS;
  while (brokenLeftOvers(mainPid, family).length > 0 && performance.now() < untilMs)
    await new Promise((resolve) => setTimeout(resolve, 50));
  broken.push(...brokenLeftOvers(mainPid, family), ...brokenInDatabase(world.database));
  broken.push(...world.acknowledged.lostFrom(world.database));
  if (world.acknowledged.runs === 0) broken.push('I1: no batch was ever told to be stored');
  broken.push(...brokenSecrecy(SECRET.password, [dataFolder]));
  await world.tearDown();
  const verdict = broken.length === 0 ? 'whole' : broken.join('; ');
  console.log(`the window at its end, ${tellings.length} tellings: ${verdict}`);
  return { seed: -1, faults: [], code: 0, attempts: 1, broken };
}
