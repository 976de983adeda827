// A second process that publishes: perception-publisher.ts REGION HZ [FRAMES]. Says 'ready', then 'done' with a count.
import { PerceptionWriter } from '#native';
import { detectionFrame, timelinesFrame, tracksFrame } from '../perception-frames.ts';

const [, , region = '', hz = '10', frames = 'Infinity'] = process.argv;
const writer = new PerceptionWriter(region, 'yard', 5);
let n = 0;

function publish(): void {
  n += 1;
  writer.publishDetections(detectionFrame(n));
  writer.publishTracks(tracksFrame(n));
  if (n % 10 === 1) writer.publishTimelines(timelinesFrame(n));
  writer.beat();
}

const everyMs = 1000 / Number(hz);
const beganMs = performance.now();
/** On a grid of its own: a late timer is made up for, so that the rate holds over minutes. */
function tick(): void {
  while (n < Number(frames) && performance.now() >= beganMs + n * everyMs) publish();
  if (n >= Number(frames)) return end();
  setTimeout(tick, Math.max(0, beganMs + n * everyMs - performance.now()));
}

function end(): void {
  writer.close();
  process.send?.({ done: n }, () => process.disconnect());
}

// The one who started it is gone: publish for nobody.
process.on('disconnect', () => process.exit(0));
publish();
process.send?.('ready');
tick();
