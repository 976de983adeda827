// Counts simulated scenes with known truth, beside a limit and a plain counter: npm run eval:synthetic -- [--scenes N] [--json]
import { parseArgs } from 'node:util';
import { trackerSettingsSchema } from '../../src-worker/detection/tracking/tracker-settings.ts';
import { noTrouble, usualTrouble } from './simulation/camera.ts';
import { type CrossingErrors, countScene, errorsOf, missedByManner } from './simulation/crossing-errors.ts';
import { countPlainly } from './simulation/plain-counter.ts';
import { drawScene } from './simulation/scene.ts';

const { values } = parseArgs({
  options: { scenes: { type: 'string', default: '200' }, json: { type: 'boolean' } },
});
/** `limit`: of crossings missed or counted without one, as a share of the true ones. */
const kinds = [
  { name: 'clean', actors: 4, trouble: noTrouble, limit: 0.002 },
  { name: 'sparse', actors: 4, trouble: usualTrouble, limit: 0.03 },
  { name: 'crowded', actors: 12, trouble: usualTrouble, limit: 0.05 },
  { name: 'walled', actors: 5, trouble: { ...usualTrouble, walls: 3 }, limit: 0.03 },
  { name: 'ends', actors: 4, trouble: usualTrouble, manners: ['near-end'], limit: 0.03 },
] as const;

function rateOf(all: readonly CrossingErrors[]) {
  const sum = (of: (one: CrossingErrors) => number): number => all.reduce((total, one) => total + of(one), 0);
  const truth = sum((one) => one.truth);
  const missed = sum((one) => one.missed.length);
  const extra = sum((one) => one.extra.length);
  return { truth, missed, extra, errorRate: (missed + extra) / truth };
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`.padStart(8);
const report: Record<string, unknown>[] = [];
for (const algorithm of ['bytetrack', 'oc-sort'] as const) {
  const tracker = trackerSettingsSchema.parse({ algorithm });
  for (const { name, limit, ...plan } of kinds) {
    for (const fps of [5, 10, 25]) {
      const own: CrossingErrors[] = [];
      const plain: CrossingErrors[] = [];
      for (let seed = 0; seed < Number(values.scenes); seed++) {
        const scene = drawScene({ seed, fps, durationMs: 20_000, ...plan });
        own.push(errorsOf(scene, countScene(scene, { tracker })));
        plain.push(errorsOf(scene, countPlainly(scene, { tracker })));
      }
      const rate = rateOf(own);
      const peer = rateOf(plain);
      report.push({ algorithm, name, fps, ...rate, limit, peer });
      console.log(
        `${algorithm.padEnd(9)} ${name.padEnd(8)} ${`${fps}/s`.padEnd(5)}`,
        `truth ${rate.truth} missed ${rate.missed} extra ${rate.extra} error ${percent(rate.errorRate)}`,
        `limit ${percent(limit)} ${rate.errorRate <= limit ? 'held' : 'NOT HELD'}`,
        `plain counter ${percent(peer.errorRate)}`,
        JSON.stringify(missedByManner(own)),
      );
    }
  }
}
if (values.json) console.log(JSON.stringify({ kinds: report }));
