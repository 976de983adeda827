/** Where signals come from: the process, or a test. */
export interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM', heard: (signal: NodeJS.Signals) => void): unknown;
}

export interface EndAsked {
  /** Ends in order. */
  first(signal: NodeJS.Signals): void;
  /** Ends at once: somebody asked again, whatever the first one waits for. */
  again(signal: NodeJS.Signals): void;
}

/** Listens for being asked to end from outside: the first time in order, the second time at once. */
export function onEndAsked({ first, again }: EndAsked, source: SignalSource = process): void {
  let asked = 0;
  const heard = (signal: NodeJS.Signals): void => {
    asked += 1;
    if (asked === 1) first(signal);
    else if (asked === 2) again(signal);
  };
  source.on('SIGINT', heard);
  source.on('SIGTERM', heard);
}
