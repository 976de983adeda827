/** One link per source; a new one takes the place of the one before. */
export class SourceLinks<L extends { close(): void }> {
  readonly #links = new Map<string, L>();

  get(sourceId: string): L | undefined {
    return this.#links.get(sourceId);
  }

  has(sourceId: string): boolean {
    return this.#links.has(sourceId);
  }

  /** `open` is given what to call when the other end is gone. */
  replace(sourceId: string, open: (gone: () => void) => L): void {
    this.#links.get(sourceId)?.close();
    const link = open(() => {
      link.close();
      if (this.#links.get(sourceId) === link) this.#links.delete(sourceId);
    });
    this.#links.set(sourceId, link);
  }
}
