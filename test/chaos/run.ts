// `npm run test:chaos -- [--seed N] [--minutes M] [--rounds R]`: random faults, the same for the same seed.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { temporaryFolder } from '../fixtures/ffmpeg.ts';
import { movingPhotograph } from '../fixtures/photograph.ts';
import { playRound, type Round } from './round.ts';
import { faultTable } from './tally.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '200' },
  },
});
const seed = Number(values.seed);
const untilMs = performance.now() + Number(values.minutes) * 60_000;
const { folder, remove } = temporaryFolder('chaos');
const clip = await movingPhotograph(join(folder, 'car.mp4'));
const rounds: Round[] = [];
for (let n = 0; n < Number(values.rounds) && performance.now() < untilMs; n++) {
  const round = await playRound(seed + n, clip, join(folder, 'out'));
  rounds.push(round);
  const faults =
    round.faults.map(({ victim, act }) => `${victim} ${act}`).join(', ') || 'ended before its fault';
  console.log(
    `seed ${round.seed}: ${faults}: ${round.broken.length === 0 ? 'whole' : round.broken.join('; ')}`,
  );
}
remove();
const broken = rounds.filter((round) => round.broken.length > 0);
console.log(`${rounds.length} schedules, ${broken.length} broken\n${faultTable(rounds)}`);
process.exit(broken.length === 0 && rounds.length > 0 ? 0 : 1);
