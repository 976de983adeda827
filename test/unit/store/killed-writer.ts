// Started by kill.test.ts as a process of its own: writes batches until it is killed, says which are acknowledged.
import { batchOf, boxOf, crossingOf, openFixture } from './store-fixture.ts';

const ROWS_PER_BATCH = 50;
const [path = '', firstBatch = '0', run = ''] = process.argv.slice(2);
const fixture = openFixture(path);
const runId = run === '' ? fixture.beginRun() : Number(run);

function next(batch: number): void {
  const boxes = Array.from({ length: ROWS_PER_BATCH }, (_, i) => boxOf(batch * ROWS_PER_BATCH + i, 1));
  fixture.rows.write(batchOf(runId, batch, { boxes, crossings: [crossingOf(batch)] }));
  process.send?.({ runId, batch });
  setImmediate(next, batch + 1);
}
process.on('disconnect', () => process.exit(0));
next(Number(firstBatch));
