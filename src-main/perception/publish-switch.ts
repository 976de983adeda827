import type { mainDetection } from '#shared/contracts/main-detection.contract.ts';
import type { PublishSettings } from '#shared/domain/perception.ts';
import type { LinkEnd } from '#shared/link/link-end.ts';
import { PerceptionDesk, type PerceptionDeskOptions } from './perception-desk.ts';

type DetectionLink = LinkEnd<typeof mainDetection, 'from'>;

/** Begins and ends publishing while ivis runs; runs that go on are published from their next frame. */
export class PublishSwitch {
  readonly #options: PerceptionDeskOptions;
  #desk: PerceptionDesk | null = null;
  #link: DetectionLink | null = null;
  /** Changes are carried out one after the other. */
  #doing: Promise<void> = Promise.resolve();

  /** Throws NamedError 'output-unwritable' when it is to be on at once and there can be no folder. */
  constructor(options: PerceptionDeskOptions, enabled: boolean) {
    this.#options = options;
    if (enabled) this.#desk = new PerceptionDesk(options);
  }

  /** What is published, or null. */
  get desk(): PerceptionDesk | null {
    return this.#desk;
  }

  start(swept: number): void {
    this.#desk?.start(swept);
  }

  /** A detection process that is ready to publish; never rejects. */
  async attach(link: DetectionLink): Promise<void> {
    this.#link = link;
    await this.#desk?.attach(link);
  }

  detectionEnded(): void {
    this.#link = null;
    this.#desk?.detectionEnded();
  }

  /**
   * Begins or ends publishing, or changes how. Rejects with `output-unwritable` where there can be no folder, or when
   * detection did not say in time that it took it.
   */
  want(enabled: boolean, settings: PublishSettings): Promise<void> {
    const next = this.#doing.catch(() => {}).then(() => this.#become(enabled, settings));
    this.#doing = next;
    return next;
  }

  async stop(): Promise<void> {
    await this.#doing.catch(() => {});
    await this.#desk?.stop();
  }

  async #become(enabled: boolean, settings: PublishSettings): Promise<void> {
    const desk = this.#desk;
    if (desk === null && enabled) {
      const made = new PerceptionDesk({ ...this.#options, settings });
      this.#desk = made;
      made.start();
      if (this.#link !== null) await made.attach(this.#link);
    } else if (desk !== null && !enabled) {
      this.#desk = null;
      await desk.stop();
    } else if (desk !== null && JSON.stringify(settings) !== JSON.stringify(desk.settings)) {
      await desk.configure(settings);
    }
  }
}
