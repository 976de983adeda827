// Started by killed-migration.test.ts as a process of its own: migrates a database and kills itself at one moment.
import { openStore } from '../../../src-worker/store/database.ts';
import { migrations } from '../../../src-worker/store/migrations/index.ts';

const [path = '', version = '', moment = ''] = process.argv.slice(2);
const die = (): void => void process.kill(process.pid, 'SIGKILL');

openStore(
  path,
  Date.now(),
  migrations.map((step) => ({
    ...step,
    up: (db) => {
      if (step.version === Number(version) && moment === 'before') die();
      step.up(db);
      if (step.version === Number(version) && moment === 'within') die();
    },
  })),
);
// After the last step, with the database open.
if (moment === 'after') die();
