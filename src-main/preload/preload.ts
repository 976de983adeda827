import { contextBridge, ipcRenderer, webUtils } from 'electron';

const CHANNEL = 'ui-main';

type Receive = (data: unknown, ports: readonly unknown[]) => void;
let receive: Receive | null = null;

/**
 * Envelopes from main. Ports cannot cross the context bridge, so a message that brings ports goes to the page by
 * window.postMessage, which can transfer them, as `{ channel: 'ui-main', envelope }`; every other one goes to the
 * callback given to `listen`. The page looks at both and parses both.
 */
ipcRenderer.on(CHANNEL, (event, envelope: unknown) => {
  if (event.ports.length === 0) receive?.(envelope, []);
  // '/' restricts delivery to the page's own origin.
  else window.postMessage({ channel: CHANNEL, envelope }, '/', [...event.ports]);
});

/** All that the page gets of the machine: three named functions, no ipcRenderer, no event objects. */
contextBridge.exposeInMainWorld('ivis', {
  /** Sends one envelope of the ui-main link; main validates sender and body. */
  post: (envelope: unknown): void => ipcRenderer.send(CHANNEL, envelope),
  /** Sets the one receiver of envelopes that come without ports. */
  listen: (callback: Receive): void => {
    receive = callback;
  },
  /** Absolute path of a dropped or chosen file; empty when the File is not from the disk. */
  pathOfFile: (file: File): string => webUtils.getPathForFile(file),
});
