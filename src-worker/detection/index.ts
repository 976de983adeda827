import { boot } from '../_runtime/boot.ts';
import { detectionWorker } from './detection-worker.ts';

boot('detection', detectionWorker);
