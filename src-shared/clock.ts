/** Passed in wherever time matters, so that machines and tests own it. */
export interface Clock {
  /** Milliseconds of the machine's monotonic clock, comparable across processes: for every duration. */
  monoMs(): number;
  /** Milliseconds since 1970 UTC: for display and storage. */
  wallMs(): number;
}
