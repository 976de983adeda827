import { boot } from '../_runtime/boot.ts';
import { createStore } from './store-worker.ts';

boot('store', createStore);
