/** Messages that whoever got them could not use, since ivis began, by the process that got them. They only ever rise. */
export class RejectTally {
  readonly #counts = new Map<string, number>();

  add(process: string, messages = 1): void {
    if (messages > 0) this.#counts.set(process, (this.#counts.get(process) ?? 0) + messages);
  }

  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }
}

/** The one of this program: every end of a link counts here. */
export const rejects = new RejectTally();
