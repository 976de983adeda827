/** What is known of a detection process that keeps ending. */
export interface CrashLoop {
  /** The provider it ran the model on, or tried to, when it ended last; null: it never came so far. */
  readonly triedProvider: string | null;
  /** The only provider allowed, or null for the fastest that works. */
  readonly provider: string | null;
  /** The model is the one that comes with ivis. */
  readonly bundled: boolean;
  /** Another model may take its place; not where a person asked for this one and waits for its result. */
  readonly mayReplaceModel: boolean;
}

/** `use-cpu`: without the accelerator. `set-model-aside`: with the model that comes with ivis. `give-up`: nothing is left. */
export type Escalation = 'use-cpu' | 'set-model-aside' | 'give-up';

/**
 * What to change after a crash loop. The accelerator goes first: its driver is the likelier culprit, and the model is
 * the same without it. Each answer can be given once per model, so this ends.
 */
export function escalate({ triedProvider, provider, bundled, mayReplaceModel }: CrashLoop): Escalation {
  const accelerated = triedProvider !== null && triedProvider !== 'cpu' && provider !== 'cpu';
  if (accelerated) return 'use-cpu';
  return !bundled && mayReplaceModel ? 'set-model-aside' : 'give-up';
}
