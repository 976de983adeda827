import type { BothNumbers } from '#shared/domain/count-change.ts';

const COUNT = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** 1234567 as 1,234,567. */
export function countWords(count: number): string {
  return COUNT.format(count);
}

/** A count with the corrected one behind it, where people said something: `12`, or `12 · corrected 11`. */
export function bothWords({ machine, corrected }: BothNumbers): string {
  return corrected === null
    ? countWords(machine)
    : `${countWords(machine)} · corrected ${countWords(corrected)}`;
}

/** A duration as 0:07, 12:03 or 1:02:03; part seconds are cut off. */
export function durationWords(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** A remaining time, rounded as a person would say it: "less than 5 s", "about 40 s", "about 12 min", "about 3 h". */
export function remainingWords(remainingMs: number): string {
  const seconds = remainingMs / 1000;
  if (seconds < 5) return 'less than 5 s';
  if (seconds < 55) return `about ${Math.ceil(seconds / 5) * 5} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `about ${Math.max(1, minutes)} min`;
  const hours = Math.floor(minutes / 60);
  const rest = Math.round((minutes % 60) / 10) * 10;
  if (rest === 0 || hours >= 10) return `about ${hours} h`;
  return rest === 60 ? `about ${hours + 1} h` : `about ${hours} h ${rest} min`;
}

/** Frames per second with one decimal under 10. */
export function rateWords(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : perSecond.toFixed(0);
}

/** Speed against real time: 0.8×, 3.2×, 14×. */
export function speedWords(times: number): string {
  return `${times < 10 ? times.toFixed(1) : times.toFixed(0)}×`;
}

/** An age in milliseconds, from a second on in seconds, from a minute on in minutes. */
export function ageWords(ageMs: number): string {
  if (ageMs < 1000) return `${Math.round(ageMs)} ms`;
  if (ageMs < 60_000) return `${(ageMs / 1000).toFixed(ageMs < 10_000 ? 1 : 0)} s`;
  return `${Math.floor(ageMs / 60_000)} min`;
}

/** Milliseconds of a measurement: 7.8 ms, 24 ms. */
export function measuredWords(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}

/** Memory in MB of 2^20 bytes, from 10,000 MB on in GB. */
export function memoryWords(bytes: number): string {
  const megabytes = bytes / 2 ** 20;
  return megabytes < 10_000 ? `${COUNT.format(megabytes)} MB` : `${(megabytes / 1024).toFixed(1)} GB`;
}
