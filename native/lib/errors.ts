/** What can be wrong with a ring; each kind has one reaction in the code that uses it. */
export type RingErrorKind =
  | 'shm-full'
  | 'name-exists'
  | 'not-found'
  | 'bad-layout'
  | 'reader-table-full'
  | 'bad-argument'
  | 'addon-missing'
  | 'os';

const KINDS: ReadonlySet<string> = new Set<RingErrorKind>([
  'shm-full',
  'name-exists',
  'not-found',
  'bad-layout',
  'reader-table-full',
  'bad-argument',
  'addon-missing',
  'os',
]);

function isKind(value: unknown): value is RingErrorKind {
  return typeof value === 'string' && KINDS.has(value);
}

export class RingError extends Error {
  override readonly name = 'RingError';
  readonly kind: RingErrorKind;
  /** Shared memory the ring would have taken, in bytes; with 'shm-full' only. */
  readonly bytesNeeded: number | undefined;

  constructor(kind: RingErrorKind, message: string, bytesNeeded?: number) {
    super(message);
    this.kind = kind;
    this.bytesNeeded = bytesNeeded;
  }
}

/** Runs a call into the addon and gives its errors their class. */
export function withRingErrors<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof Error && 'kind' in error && isKind(error.kind)) {
      const bytes =
        'bytesNeeded' in error && typeof error.bytesNeeded === 'number' ? error.bytesNeeded : undefined;
      throw new RingError(error.kind, error.message, bytes);
    }
    throw error;
  }
}
