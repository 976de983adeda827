import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openFixture, temporaryFolder } from './store-fixture.ts';

const script = fileURLToPath(new URL('./killed-writer.ts', import.meta.url));
const ackSchema = z.object({ runId: z.number(), batch: z.number() });
type Ack = z.infer<typeof ackSchema>;

/** Lets a writer go on from `first` and kills it without warning after so many acknowledgements. */
async function writeUntilKilled(path: string, first: number, run: string, kills: number): Promise<Ack[]> {
  const child = fork(script, [path, String(first), run], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const acks: Ack[] = [];
  child.on('message', (message) => {
    acks.push(ackSchema.parse(message));
    if (acks.length === kills) child.kill('SIGKILL');
  });
  await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return acks;
}

/** So many kills, each after some more acknowledgements: 5 in each run of the tests, 100 by IVIS_TEST_KILLS=100. */
const KILLS = Number(process.env.IVIS_TEST_KILLS ?? 5);
const AFTER = [1, 3, 8, 20, 50];

test('a writer that is killed again and again keeps every acknowledged row exactly once', {
  timeout: KILLS * 30_000,
}, async () => {
  const { folder, remove } = temporaryFolder();
  const path = join(folder, 'ivis.db');
  let run = '';
  let acknowledged = -1;
  for (let kill = 0; kill < KILLS; kill++) {
    const kills = AFTER[kill % AFTER.length] ?? 1;
    // The sender was not told of what came after: it sends from the first batch that it has no answer for.
    const acks = await writeUntilKilled(path, acknowledged + 1, run, kills);
    const last = acks.at(-1);
    expect(acks.map((ack) => ack.batch)).toEqual(acks.map((_, i) => acknowledged + 1 + i));
    acknowledged = last?.batch ?? acknowledged;
    run = String(last?.runId ?? run);

    const fixture = openFixture(path);
    const { db } = fixture.store;
    expect(fixture.store.damage).toBeNull();
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.pragma('foreign_key_check')).toEqual([]);
    const stored = db.prepare('SELECT batch FROM row_batch ORDER BY batch').pluck().all();
    expect(stored).toEqual(stored.map((_, i) => i));
    expect(stored.length).toBeGreaterThan(acknowledged);
    const rows = fixture.reader.get(Number(run)).rows;
    expect(rows).toEqual({ boxes: stored.length * 50, tracks: 0, crossings: stored.length, visits: 0 });
    expect(db.prepare('SELECT count(*), count(DISTINCT frame) FROM detection').raw().get()).toEqual([
      stored.length * 50,
      stored.length * 50,
    ]);
    expect(db.prepare('SELECT count(*) FROM crossing').pluck().get()).toBe(stored.length);
    db.close();
  }
  remove();
});
