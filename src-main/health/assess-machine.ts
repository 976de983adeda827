import { type ComponentKind, type MachineFigures, type Severity, worseOf } from '#shared/domain/health.ts';
import type { AppSettings } from '#shared/domain/settings.ts';
import type { Finding, HealthFacts } from './facts.ts';
import { CPU_MEAN_MS } from './machine-gauge.ts';

type Limit = AppSettings['limits']['cpuPercent'];

function against(value: number, limit: Limit): Severity {
  if (value >= limit.critical) return 'critical';
  return value >= limit.warn ? 'warn' : 'ok';
}

const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GB`;

function finding(
  id: string,
  kind: ComponentKind,
  title: string,
  severity: Severity,
  cause: string,
  whatToDo: string,
): Finding {
  const quiet = severity === 'ok' || severity === 'info';
  return { id, kind, title, vital: false, severity, cause, whatToDo: quiet ? '' : whatToDo, sourceId: null };
}

/** Analysing a file takes all there is, on purpose: only with a camera to keep up with is a busy computer a worry. */
function isIntended(facts: HealthFacts): boolean {
  const pressed = facts.sources.some((source) => source.live && source.expecting);
  return !pressed && facts.fileWorkMs !== null && facts.monoMs - facts.fileWorkMs <= CPU_MEAN_MS;
}

function assessCpu({ cpuShare, cores }: MachineFigures, facts: HealthFacts): Finding {
  if (cpuShare === null) return finding('cpu', 'cpu', 'Processor', 'ok', 'is being measured', '');
  const percent = cpuShare * 100;
  const found = against(percent, facts.limits.cpuPercent);
  const intended = found !== 'ok' && isIntended(facts);
  const cause = `${percent.toFixed(0)} % of ${cores} cores${intended ? ', as a file analysis is meant to' : ''}`;
  const whatToDo =
    'Close other programs, look at fewer frames per second, or run fewer cameras on this computer.';
  return finding('cpu', 'cpu', 'Processor', intended ? 'info' : found, cause, whatToDo);
}

function assessMemory({ memory }: MachineFigures, { limits }: HealthFacts): Finding {
  const percent = memory.totalBytes > 0 ? (1 - memory.availableBytes / memory.totalBytes) * 100 : 0;
  const cause = `${percent.toFixed(0)} % used, ${gigabytes(memory.availableBytes)} free`;
  const whatToDo =
    'Close other programs or stop a source. A process of ivis that keeps growing is in the table below.';
  return finding('memory', 'memory', 'Memory', against(percent, limits.memoryPercent), cause, whatToDo);
}

function assessDisk({ disk }: MachineFigures, { limits }: HealthFacts): Finding {
  if (disk === null || disk.totalBytes === 0) {
    return finding(
      'disk',
      'disk',
      'Disk',
      'stale',
      'cannot be asked',
      'Check that the disk with the database is there.',
    );
  }
  const percent = (1 - disk.freeBytes / disk.totalBytes) * 100;
  // Disks are sold and shown in units of 10^9 bytes, here as on the card of the recordings; memory in 2^30.
  const cause = `${percent.toFixed(0)} % full, ${(disk.freeBytes / 1e9).toFixed(1)} GB free`;
  const whatToDo = `Free some space on the disk with ${disk.path}: when it is full, nothing more is stored.`;
  return finding('disk', 'disk', 'Disk', against(percent, limits.diskPercent), cause, whatToDo);
}

function assessGpu(gpu: MachineFigures['gpus'][number], index: number, facts: HealthFacts): Finding {
  const { name, share, memoryTotalBytes, memoryUsedBytes, celsius } = gpu;
  const { limits } = facts;
  const memoryPercent = memoryTotalBytes > 0 ? (memoryUsedBytes / memoryTotalBytes) * 100 : 0;
  const hot = celsius === null ? 'ok' : against(celsius, limits.gpuCelsius);
  const full = against(memoryPercent, limits.gpuMemoryPercent);
  const busy = share === null ? 'ok' : against(share * 100, limits.gpuPercent);
  const intended = busy !== 'ok' && isIntended(facts);
  const severity = [hot, full, intended ? 'info' : busy].reduce<Severity>(worseOf, 'ok');
  const parts = [
    share === null
      ? ''
      : `${(share * 100).toFixed(0)} % busy${intended ? ', as a file analysis is meant to' : ''}`,
    `memory ${memoryPercent.toFixed(0)} %`,
    celsius === null ? '' : `${celsius.toFixed(0)} °C`,
  ].filter((part) => part !== '');
  const whatToDo =
    hot === 'ok'
      ? 'Close other programs that use the graphics card, or look at fewer frames per second.'
      : 'Check the fans and the air around the computer.';
  return finding(`gpu:${index}`, 'gpu', name, severity, parts.join(', '), whatToDo);
}

/** Processor, memory, disk and graphics cards against their limits. */
export function assessMachine(facts: HealthFacts): Finding[] {
  const { machine } = facts;
  if (machine === null) return [];
  return [
    assessCpu(machine, facts),
    assessMemory(machine, facts),
    assessDisk(machine, facts),
    ...machine.gpus.map((gpu, index) => assessGpu(gpu, index, facts)),
  ];
}
