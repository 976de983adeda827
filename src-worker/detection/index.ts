import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { boot } from '../_runtime/boot.ts';
import { detectionWorker } from './detection-worker.ts';

/** Built beside this file (electron.vite.config.ts). */
const threadFile = pathToFileURL(join(import.meta.dirname, 'inference.js'));

boot('detection', (runtime) => detectionWorker(runtime, threadFile));
