import type { ErrorKind } from '#shared/domain/error-kind.ts';

/** Exit codes of the command line; 0 only when the whole file was analysed and everything asked for was written. */
export function exitCodeOf(kind: ErrorKind): number {
  if (kind === 'bad-argument') return 2;
  if (kind === 'stopped') return 130;
  if (kind === 'file-incomplete') return 4;
  if (kind.startsWith('file-') || kind === 'frame-too-large') return 3;
  if (kind.startsWith('model-')) return 5;
  if (kind.startsWith('store-')) return 6;
  if (kind.startsWith('output-')) return 7;
  if (kind.startsWith('worker-') || kind === 'shm-full' || kind === 'ring-failed') return 8;
  return 1;
}
