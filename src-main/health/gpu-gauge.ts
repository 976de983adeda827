import { execFile } from 'node:child_process';
import { z } from 'zod';
import type { MachineFigures } from '#shared/domain/health.ts';

type GpuFigures = MachineFigures['gpus'][number];

const QUERY = 'name,utilization.gpu,memory.total,memory.used,temperature.gpu';
const TIMEOUT_MS = 5000;
const MIB = 2 ** 20;

/** "[N/A]" and "[Not Supported]" are what a card says of what it cannot measure. */
const cell = z.string().transform((text) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null));
const rowSchema = z.tuple([z.string().min(1), cell, cell, cell, cell]);

/** The lines of nvidia-smi as figures; a line that is none is left out. */
export function parseGpus(csv: string): GpuFigures[] {
  return csv.split('\n').flatMap((line) => {
    const row = rowSchema.safeParse(line.split(',').map((part) => part.trim()));
    if (!row.success) return [];
    const [name, percent, totalMib, usedMib, celsius] = row.data;
    if (totalMib === null || usedMib === null) return [];
    const share = percent === null ? null : Math.max(0, percent / 100);
    return [{ name, share, memoryTotalBytes: totalMib * MIB, memoryUsedBytes: usedMib * MIB, celsius }];
  });
}

/** Asks nvidia-smi; where there is none, it is not asked again. */
export class GpuGauge {
  figures: GpuFigures[] = [];
  #absent = false;
  #asking = false;

  ask(): void {
    if (this.#absent || this.#asking) return;
    this.#asking = true;
    const words = [`--query-gpu=${QUERY}`, '--format=csv,noheader,nounits'];
    execFile('nvidia-smi', words, { timeout: TIMEOUT_MS, windowsHide: true }, (error, stdout) => {
      this.#asking = false;
      this.#absent = error !== null && error.code === 'ENOENT';
      this.figures = error === null ? parseGpus(stdout) : [];
    });
  }
}
