import type { ReactElement } from 'react';

interface StateChipProps {
  readonly words: string;
  readonly tone: 'good' | 'busy' | 'warn' | 'bad' | 'quiet';
  readonly testId?: string;
  /** The state as the program knows it, for tests and scripts. */
  readonly state?: string;
}

/** A state in a word, with a dot whose colour repeats what the word says. */
export function StateChip({ words, tone, testId, state }: StateChipProps): ReactElement {
  return (
    <span className="state-chip" data-tone={tone} data-testid={testId} data-state={state}>
      <span className="dot" data-tone={tone} />
      {words}
    </span>
  );
}
