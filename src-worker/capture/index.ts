import { boot } from '../_runtime/boot.ts';
import { createCapture } from './capture-worker.ts';

boot('capture', createCapture);
