// Started by database-owner.test.ts as a process of its own: takes a database and holds it until it is killed.
import { DatabaseOwner } from '../../../src-worker/store/database-owner.ts';

const [path = ''] = process.argv.slice(2);
DatabaseOwner.take(path, process.pid, Date.now());
process.on('disconnect', () => process.exit(0));
process.send?.('taken');
