import type { mainCapture } from '#shared/contracts/main-capture.contract.ts';
import type { RecorderStatus } from '#shared/domain/recording.ts';
import type { LinkEnd } from '#shared/link/link-end.ts';

export type CaptureLink = LinkEnd<typeof mainCapture, 'from'>;

/** What the run of a live source tells about its capture process. */
export interface RecordingHook {
  /** Its link stands, and nothing is opened yet. Never rejects: pictures go before recording. */
  opened(link: CaptureLink): Promise<void>;
  changed(status: RecorderStatus): void;
  closed(): void;
}
