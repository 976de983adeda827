import type { detectionStore, RowBatch } from '#shared/contracts/detection-store.contract.ts';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { CrossingPicture } from '#shared/domain/evidence.ts';
import type { LinkEnd } from '#shared/link/link-end.ts';

type StoreLink = LinkEnd<typeof detectionStore, 'from'>;

const WRITE_TIMEOUT_MS = 5000;

/** Where rows and pictures go: the store that is attached now, if any. Everything rejects with `closed` without one. */
export class AttachedStore {
  #link: StoreLink | null = null;

  attach(link: StoreLink): void {
    this.#link?.close();
    this.#link = link;
  }

  /** Resolves when the batch is on the disk. */
  async write(batch: RowBatch): Promise<void> {
    await this.#store().request('rows.write', batch, { timeoutMs: WRITE_TIMEOUT_MS });
  }

  async keepPicture(runId: number, picture: CrossingPicture): Promise<void> {
    await this.#store().request('picture.keep', { runId, picture }, { timeoutMs: WRITE_TIMEOUT_MS });
  }

  #store(): StoreLink {
    if (this.#link === null) throw new NamedError('closed', 'no store is attached');
    return this.#link;
  }
}
