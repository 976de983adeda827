import type { HealthReport } from '#shared/domain/health.ts';
import type { AppSettings } from '#shared/domain/settings.ts';
import { OutsideServer, type Pages } from './outside-server.ts';

type Wanted = AppSettings['interfaces'];

/** Opens and closes the pages for other programs as the settings want it; a port that is taken costs the pages only. */
export class OutsideInterfaces {
  readonly #pages: Pages;
  readonly #onTrouble: (problem: string) => void;
  #wanted: Wanted = { enabled: false, port: 0 };
  #server: OutsideServer | null = null;
  #problem: string | null = null;
  /** Changes are carried out one after the other. */
  #doing: Promise<void> = Promise.resolve();

  constructor(pages: Pages, onTrouble: (problem: string) => void) {
    this.#pages = pages;
    this.#onTrouble = onTrouble;
  }

  get view(): HealthReport['interfaces'] {
    return { enabled: this.#wanted.enabled, url: this.#server?.url ?? null, problem: this.#problem };
  }

  /** Resolves when it is as wanted, or cannot be. */
  want(wanted: Wanted): Promise<void> {
    const same = wanted.enabled === this.#wanted.enabled && wanted.port === this.#wanted.port;
    // The same again, after a trouble, is another try.
    if (same && this.#problem === null) return this.#doing;
    this.#wanted = wanted;
    this.#doing = this.#doing.then(() => this.#become(wanted));
    return this.#doing;
  }

  close(): Promise<void> {
    return this.want({ enabled: false, port: 0 });
  }

  async #become({ enabled, port }: Wanted): Promise<void> {
    await this.#server?.close();
    this.#server = null;
    this.#problem = null;
    if (!enabled) return;
    try {
      this.#server = await OutsideServer.open(port, this.#pages);
    } catch (thrown) {
      const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null;
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      this.#problem = code === 'EADDRINUSE' ? `port ${port} is used by another program` : why;
      this.#onTrouble(this.#problem);
    }
  }
}
