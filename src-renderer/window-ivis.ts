/** What the preload puts on the window (src-main/preload/preload.ts). Everything it hands over is parsed here first. */
export interface WindowIvis {
  post(envelope: unknown): void;
  listen(receive: (data: unknown, ports: readonly unknown[]) => void): void;
  pathOfFile(file: File): string;
}

declare global {
  interface Window {
    readonly ivis: WindowIvis;
  }
}
