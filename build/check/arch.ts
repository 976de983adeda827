// arch.ts --write draws the process graph of links.ts into ARCHITECTURE.md; arch.ts --check fails when it is another.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { links } from '../../src-shared/contracts/links.ts';
import { withProcessGraph } from './process-graph.ts';

const file = join(resolve(import.meta.dirname, '..', '..'), 'ARCHITECTURE.md');
const before = existsSync(file) ? readFileSync(file, 'utf8') : '# Architecture\n';
const after = withProcessGraph(before, links);
if (before === after && existsSync(file)) {
  console.log('ARCHITECTURE.md shows the process graph of links.ts');
} else if (process.argv.includes('--write')) {
  writeFileSync(file, after);
  console.log('ARCHITECTURE.md: process graph written');
} else {
  console.error(
    'ARCHITECTURE.md does not show the process graph of src-shared/contracts/links.ts: `npm run arch`',
  );
  process.exitCode = 1;
}
