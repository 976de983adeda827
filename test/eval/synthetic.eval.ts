// Counts simulated scenes with known truth: npm run eval:synthetic -- [--scenes N] [--json]
import { parseArgs } from 'node:util';
import { trackerSettingsSchema } from '../../src-worker/detection/tracking/tracker-settings.ts';
import { noTrouble, usualTrouble } from './simulation/camera.ts';
import { crossingErrors, missedByManner } from './simulation/crossing-errors.ts';
import { drawScene } from './simulation/scene.ts';

const { values } = parseArgs({
  options: { scenes: { type: 'string', default: '200' }, json: { type: 'boolean' } },
});
const kinds = [
  { name: 'clean', actors: 4, trouble: noTrouble },
  { name: 'sparse', actors: 4, trouble: usualTrouble },
  { name: 'crowded', actors: 12, trouble: usualTrouble },
  { name: 'walled', actors: 5, trouble: { ...usualTrouble, walls: 3 } },
  { name: 'ends', actors: 4, trouble: usualTrouble, manners: ['near-end'] },
] as const;
const report: Record<string, unknown>[] = [];
for (const algorithm of ['bytetrack', 'oc-sort'] as const) {
  const tracker = trackerSettingsSchema.parse({ algorithm });
  for (const { name, ...plan } of kinds) {
    for (const fps of [5, 10, 25]) {
      const all = Array.from({ length: Number(values.scenes) }, (_, seed) =>
        crossingErrors(drawScene({ seed, fps, durationMs: 20_000, ...plan }), { tracker }),
      );
      const truth = all.reduce((sum, one) => sum + one.truth, 0);
      const missed = all.reduce((sum, one) => sum + one.missed.length, 0);
      const extra = all.reduce((sum, one) => sum + one.extra.length, 0);
      const errorRate = (missed + extra) / truth;
      report.push({ algorithm, name, fps, truth, missed, extra, errorRate });
      const rate = `${(100 * errorRate).toFixed(2)} %`;
      const counts = `truth ${truth} missed ${missed} extra ${extra} error ${rate}`;
      console.log(
        algorithm.padEnd(9),
        name.padEnd(8),
        `${fps}/s`.padEnd(5),
        counts,
        JSON.stringify(missedByManner(all)),
      );
    }
  }
}
if (values.json) console.log(JSON.stringify({ kinds: report }));
