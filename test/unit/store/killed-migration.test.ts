import { fork } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { backupsOf } from '../../../src-worker/store/backup-files.ts';
import { openStore } from '../../../src-worker/store/database.ts';
import { migrations } from '../../../src-worker/store/migrations/index.ts';
import { latestVersion } from '../../../src-worker/store/migrations/runner.ts';
import { openFixture, temporaryFolder, WALL_MS } from './store-fixture.ts';

const script = fileURLToPath(new URL('./killed-migration.ts', import.meta.url));
const { folder, remove } = temporaryFolder();
afterAll(remove);

const [first] = migrations;
if (first === undefined) throw new Error('there is no first step');
/** A database of the first ivis there was, with a run in it. */
const old = join(folder, 'old.db');
{
  const { db } = openStore(old, WALL_MS, [first]);
  db.exec(`INSERT INTO source (source_id, path, added_wall_ms) VALUES ('file-1', '/a.mp4', 1);
    INSERT INTO run (source_id, path, status, attempt, settings_json, model_id, model_sha256, started_wall_ms)
    VALUES ('file-1', '/a.mp4', 'complete', 1, '{}', 'm', '', 7)`);
  db.close();
}

const steps = migrations.slice(1).map(({ version }) => version);
test.each([
  ...steps.flatMap((version): [string, number][] => [
    ['before', version],
    ['within', version],
  ]),
  ['after', latestVersion(migrations)] as [string, number],
])(
  'a migration that is killed %s step %i is finished by the next start, with its rows',
  async (moment, version) => {
    const path = join(folder, `${moment}-${version}.db`);
    copyFileSync(old, path);
    const child = fork(script, [path, String(version), moment], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
    const { store, beginRun } = openFixture(path);
    try {
      expect(store).toMatchObject({ schemaVersion: latestVersion(migrations), damage: null, refusal: null });
      expect(store.db.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(store.db.prepare('SELECT started_wall_ms FROM run').pluck().all()).toEqual([7]);
      expect(beginRun()).toBe(2);
      // The copy of before the first try is still there.
      const copies = backupsOf(path).map((backup) => backup.schemaVersion);
      expect(copies).toContain(first.version);
    } finally {
      store.db.close();
    }
  },
);
