import { constants } from 'node:os';

/** Chromium's own code for a process without memory (base/process/memory.h), and that of Windows. */
const NO_MEMORY_ON_WINDOWS: ReadonlySet<number> = new Set([0xe0000008, 0xc0000017]);
/** Exit codes of Windows from here on are exceptions (ntstatus.h). */
const EXCEPTIONS_OF_WINDOWS = 0xc0000000;
/** Shells and some libraries tell of a signal by 128 and its number. */
const SIGNAL_BASE = 128;

const FROM_OUTSIDE: ReadonlySet<string> = new Set(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']);

/** Some have two names, as SIGABRT and SIGIOT: the first is the usual one. */
const signalNames = new Map(
  Object.entries(constants.signals)
    .reverse()
    .map(([name, number]) => [number, name]),
);

/**
 * Why a worker process ended, for people. `code` as Electron's `exit` gives it: what the process ended with, or the
 * number of the signal that ended it (SIGKILL is 9); a worker of ivis never ends with so small a number by itself.
 */
export function causeOfDeath(code: number, platform: NodeJS.Platform): string {
  if (code === 0) return 'ended';
  if (platform === 'win32') return causeOnWindows(code >>> 0);
  const signal = signalNames.get(code > SIGNAL_BASE ? code - SIGNAL_BASE : code);
  // Signal 1 is what a program that failed ends with, too.
  if (signal === undefined || code === 1) return `ended with code ${code}`;
  if (signal === 'SIGKILL') return 'killed (SIGKILL): by the system for want of memory, or by somebody';
  if (FROM_OUTSIDE.has(signal)) return `was told to end from outside (${signal})`;
  return `crashed (${signal})`;
}

function causeOnWindows(code: number): string {
  const hex = `0x${code.toString(16)}`;
  if (NO_MEMORY_ON_WINDOWS.has(code)) return `ran out of memory (${hex})`;
  return code >= EXCEPTIONS_OF_WINDOWS ? `crashed (${hex})` : `ended with code ${code}`;
}
