import type { WorkerSpec } from './worker-specs.ts';

/** A worker as far as its turn is concerned. */
export interface Ordered {
  readonly spec: Pick<WorkerSpec, 'startOrder'>;
  start(): void;
  /** Resolves when its process is gone. */
  stop(): Promise<void>;
}

/** Starts them in the order of their specs. None waits for the other to be ready: links are made when both are. */
export function startInOrder(workers: readonly Ordered[]): void {
  for (const worker of [...workers].sort((a, b) => a.spec.startOrder - b.spec.startOrder)) worker.start();
}

/**
 * Stops them in reverse order, each kind only when the one before is gone: what it hands on in its last moments still
 * finds somebody who takes it. Resolves when all are gone.
 */
export async function stopInOrder(workers: readonly Ordered[]): Promise<void> {
  const orders = [...new Set(workers.map(({ spec }) => spec.startOrder))].sort((a, b) => b - a);
  for (const order of orders) {
    await Promise.all(workers.filter(({ spec }) => spec.startOrder === order).map((worker) => worker.stop()));
  }
}
