import { captureDetection } from './capture-detection.contract.ts';
import { captureUi } from './capture-ui.contract.ts';
import type { LinkSpec } from './contract.ts';
import { detectionStore } from './detection-store.contract.ts';
import { detectionUi } from './detection-ui.contract.ts';
import { mainCapture } from './main-capture.contract.ts';
import { mainDetection } from './main-detection.contract.ts';
import { mainStore } from './main-store.contract.ts';
import { uiMain } from './ui-main.contract.ts';
import { workerLifecycle } from './worker-lifecycle.contract.ts';

/** The process graph as data: every link there is. ARCHITECTURE.md is drawn from it. */
export const links: readonly LinkSpec[] = [
  uiMain,
  workerLifecycle,
  mainCapture,
  mainDetection,
  mainStore,
  captureDetection,
  captureUi,
  detectionUi,
  detectionStore,
];
