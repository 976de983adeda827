import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { arch, cpus, homedir, platform, release, totalmem, userInfo } from 'node:os';
import { basename } from 'node:path';
import type { HealthReport, HistoryPoint } from '#shared/domain/health.ts';
import type { LoadedModel } from '#shared/domain/model.ts';
import type { AppSettings } from '#shared/domain/settings.ts';
import type { SecretMask } from '../logging/secret-mask.ts';
import { type ZipEntry, zip } from './zip.ts';

export interface DiagnosticsFacts {
  readonly wallMs: number;
  readonly appVersion: string;
  readonly report: HealthReport;
  readonly history: readonly HistoryPoint[];
  readonly settings: AppSettings;
  readonly model: LoadedModel | null;
  readonly metrics: string;
  readonly logPaths: readonly string[];
}

/** The end of each log file is enough, and the whole must fit into a mail. */
const MAX_LOG_BYTES = 6 * 2 ** 20;

const readme = `Diagnostics of ivis

versions.json   of ivis and of what it is built on
hardware.json   processor, memory, system, graphics cards
settings.json   the settings in force
health.json     every component, alarm, process and stage at the time of saving
history.json    the last hour in points of ten seconds
metrics.txt     all counters, as /metrics gives them
logs/           the last log files

Passwords are taken out of every file; your home folder and user name are replaced. There are no pictures, no plates
and no rows of the database in here.
`;

/** The last bytes of a file from a whole line on; null when it is not there. */
export function tailOf(path: string, maxBytes: number): Buffer | null {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    const { size } = fstatSync(fd);
    const length = Math.min(size, maxBytes);
    const buffer = Buffer.alloc(length);
    const read = readSync(fd, buffer, 0, length, size - length);
    const tail = buffer.subarray(0, read);
    return size > length ? tail.subarray(tail.indexOf(10) + 1) : tail;
  } finally {
    closeSync(fd);
  }
}

/** Takes secrets and the person's own folder and name out of a text. */
export function redact(text: string, mask: SecretMask): string {
  const home = homedir();
  const masked = mask.mask(text);
  const homeless = home.length > 1 ? masked.replaceAll(home, '~') : masked;
  const { username } = userInfo();
  // A short name is part of too many words; "root" is nobody's.
  if (username.length < 3 || username === 'root') return homeless;
  const literal = username.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const name = new RegExp(`(?<![\\w-])${literal}(?![\\w-])`, 'g');
  return homeless.replace(name, 'user');
}

function hardware({ report }: DiagnosticsFacts): unknown {
  const [first] = cpus();
  return {
    system: `${platform()} ${release()} ${arch()}`,
    processor: first?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    machine: report.machine,
  };
}

/** Collects everything a maintainer asks for first, without secrets, as a zip. */
export function diagnosticsZip(facts: DiagnosticsFacts, mask: SecretMask): Promise<Buffer> {
  const clean = (text: string): Buffer => Buffer.from(redact(text, mask));
  const json = (name: string, value: unknown): ZipEntry => ({
    name,
    content: clean(`${JSON.stringify(mask.maskDeep(value), null, 2)}\n`),
  });
  const { report, history, settings, model, metrics, appVersion, wallMs } = facts;
  const logs = facts.logPaths.flatMap((path): ZipEntry[] => {
    const tail = tailOf(path, MAX_LOG_BYTES);
    return tail === null ? [] : [{ name: `logs/${basename(path)}`, content: clean(tail.toString('utf8')) }];
  });
  const versions = { ivis: appVersion, model, savedUtc: new Date(wallMs).toISOString(), ...process.versions };
  const entries: ZipEntry[] = [
    { name: 'README.txt', content: Buffer.from(readme) },
    json('versions.json', versions),
    json('hardware.json', hardware(facts)),
    json('settings.json', settings),
    json('health.json', report),
    json('history.json', history),
    { name: 'metrics.txt', content: clean(metrics) },
    ...logs,
  ];
  return zip(entries, wallMs);
}
