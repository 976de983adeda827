// `npm run test:chaos -- [--seed N] [--minutes M] [--rounds R] [--kind live|analysis|both]`: random faults, the same for
// the same seed. `live`: a window with two cameras goes on from fault to fault; `analysis`: a program of its own for each
// schedule, its counts compared with the truth; `both`: one analysis after each four faults of the window.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { displayMissing } from '../drivers/display.ts';
import { rtspMissing } from '../drivers/rtsp-server.ts';
import { temporaryFolder } from '../fixtures/ffmpeg.ts';
import { movingPhotograph } from '../fixtures/photograph.ts';
import { endLive } from './live-end.ts';
import { playLiveRound } from './live-round.ts';
import { LiveWorld } from './live-world.ts';
import { playRound, type Round } from './round.ts';
import { faultTable } from './tally.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '200' },
    kind: { type: 'string', default: 'both' },
  },
});
const seed = Number(values.seed);
const untilMs = performance.now() + Number(values.minutes) * 60_000;
const { folder, remove } = temporaryFolder('chaos');
const clip = await movingPhotograph(join(folder, 'car.mp4'));
const missing = displayMissing() ?? rtspMissing();
if (missing !== null) console.log(`only analyses: ${missing}`);
const kind = missing === null ? values.kind : 'analysis';
const world = kind === 'analysis' ? null : await LiveWorld.open(folder);
const rounds: Round[] = [];
/** Seeds whose victim was not there to be hit: they show nothing, and others are drawn in their place. */
const missed: number[] = [];
for (let n = 0; rounds.length < Number(values.rounds) && performance.now() < untilMs; n++) {
  const beganMs = performance.now();
  const alone = world === null || (kind === 'both' && n % 5 === 4);
  const round = alone
    ? await playRound(seed + n, clip, join(folder, 'out'))
    : await playLiveRound(seed + n, world);
  if (round.faults.length === 0 && round.broken.length === 0) {
    missed.push(round.seed);
    continue;
  }
  rounds.push(round);
  const faults = round.faults.map(({ victim, act }) => `${victim} ${act}`).join(', ');
  const verdict = round.broken.length === 0 ? 'whole' : round.broken.join('; ');
  const took = ((performance.now() - beganMs) / 1000).toFixed(1);
  console.log(`seed ${round.seed} (${alone ? 'analysis' : 'live'}, ${took} s): ${faults}: ${verdict}`);
  // A window that is gone can be hit by nothing more.
  if (!alone && round.faults.length === 0) break;
}
if (world !== null) rounds.push(await endLive(world));
remove();
const broken = rounds.filter((round) => round.broken.length > 0);
const struck = rounds.filter(({ faults }) => faults.length > 0).length;
console.log(`${struck} schedules that hit, ${broken.length} broken\n${faultTable(rounds)}`);
if (missed.length > 0) console.log(`  drawn anew, as there was nothing to hit: seeds ${missed.join(', ')}`);
process.exit(broken.length === 0 && struck > 0 ? 0 : 1);
