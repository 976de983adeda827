import { type StatsFs, statfsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { cpus, freemem, totalmem } from 'node:os';
import type { MachineFigures } from '#shared/domain/health.ts';
import { roomOf } from '../disk-room.ts';
import { readAvailableMemory } from './available-memory.ts';
import { GpuGauge } from './gpu-gauge.ts';

interface CpuSample {
  readonly monoMs: number;
  readonly idle: number;
  readonly total: number;
}

/** A single busy second says nothing about a computer. */
export const CPU_MEAN_MS = 30_000;
const FEWEST_MS = 2000;
const SLOW_MS = 10_000;

function cpuSample(monoMs: number): CpuSample {
  let idle = 0;
  let total = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { monoMs, idle, total };
}

function diskOf(path: string, stats: StatsFs): MachineFigures['disk'] {
  return { path, ...roomOf(stats) };
}

/** Measures the computer: processor each time it is asked, disk and graphics cards every ten seconds. */
export class MachineGauge {
  readonly #folder: string;
  readonly #gpus = new GpuGauge();
  #cpu: CpuSample[] = [];
  #disk: MachineFigures['disk'] = null;
  #slowMs = Number.NEGATIVE_INFINITY;

  /** `folder`: the disk it lies on is the one that is watched. */
  constructor(folder: string) {
    this.#folder = folder;
    try {
      this.#disk = diskOf(folder, statfsSync(folder));
    } catch {
      // Asked again soon.
    }
  }

  measure(monoMs: number): MachineFigures {
    this.#cpu.push(cpuSample(monoMs));
    while ((this.#cpu[0]?.monoMs ?? monoMs) < monoMs - CPU_MEAN_MS) this.#cpu.shift();
    if (monoMs - this.#slowMs >= SLOW_MS) {
      this.#slowMs = monoMs;
      this.#gpus.ask();
      void this.#askDisk();
    }
    return {
      cpuShare: this.#cpuShare(),
      cores: Math.max(1, cpus().length),
      memory: { totalBytes: totalmem(), availableBytes: readAvailableMemory(totalmem(), freemem) },
      disk: this.#disk,
      gpus: this.#gpus.figures,
    };
  }

  #cpuShare(): number | null {
    const first = this.#cpu[0];
    const last = this.#cpu.at(-1);
    if (first === undefined || last === undefined || last.monoMs - first.monoMs < FEWEST_MS) return null;
    const total = last.total - first.total;
    return total > 0 ? Math.min(1, Math.max(0, 1 - (last.idle - first.idle) / total)) : null;
  }

  async #askDisk(): Promise<void> {
    try {
      this.#disk = diskOf(this.#folder, await statfs(this.#folder));
    } catch {
      this.#disk = null;
    }
  }
}
