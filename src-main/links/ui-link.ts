import { type BrowserWindow, type IpcMainEvent, ipcMain, type MessagePortMain } from 'electron';
import { uiMain } from '#shared/contracts/ui-main.contract.ts';
import { LinkEnd, type LinkHandlers, type Port } from '#shared/link/link-end.ts';
import type { CommandDesk } from '../commands/command-desk.ts';
import type { LogSink } from '../logging/log-sink.ts';
import { schedule } from './electron-ports.ts';
import type { LinkHolder } from './port-broker.ts';
import { rejects } from './reject-tally.ts';

const CHANNEL = 'ui-main';

/** Whether a message comes from the top frame of the window's own page. */
function fromOwnPage(event: IpcMainEvent, window: BrowserWindow, origin: string): boolean {
  const frame = event.senderFrame;
  return (
    frame !== null &&
    !window.isDestroyed() &&
    event.sender === window.webContents &&
    frame === window.webContents.mainFrame &&
    frame.origin === origin
  );
}

/** The window's end of the world: the only place that hears the page. Messages from anywhere else are not looked at. */
export class UiLink implements LinkHolder {
  readonly #end: LinkEnd<typeof uiMain, 'to'>;

  constructor(
    window: BrowserWindow,
    origin: string,
    log: LogSink,
    handlers: LinkHandlers<typeof uiMain, 'to'>,
    desk: CommandDesk,
  ) {
    const warn = (message: string, detail: string): void =>
      log.write({
        level: 'warn',
        process: 'ui',
        pid: null,
        sourceId: null,
        message,
        fields: { detail: detail.slice(0, 500) },
        wallMs: Date.now(),
      });
    let receive: ((event: IpcMainEvent, data: unknown) => void) | null = null;
    const port: Port = {
      post: (data, transfer = []) => {
        if (window.isDestroyed() || window.webContents.isCrashed()) return;
        try {
          window.webContents.postMessage(CHANNEL, data, [...transfer] as MessagePortMain[]);
        } catch {
          // The page fell at this very moment. When it is back it asks for everything anew.
        }
      },
      listen: (heard) => {
        receive = (event, data) => {
          if (fromOwnPage(event, window, origin)) heard(data, event.ports);
          else warn('message from a foreign page refused', event.senderFrame?.url ?? 'no frame');
        };
        ipcMain.on(CHANNEL, receive);
      },
      close: () => {
        if (receive !== null) ipcMain.off(CHANNEL, receive);
      },
    };
    this.#end = new LinkEnd(uiMain, 'to', port, handlers, {
      schedule,
      around: desk.around,
      onRejected: (reason, detail) => {
        rejects.add('main');
        warn(`message rejected: ${reason}`, detail);
      },
    });
    window.on('closed', () => this.#end.close());
  }

  send: LinkEnd<typeof uiMain, 'to'>['send'] = (name, body, transfer) => this.#end.send(name, body, transfer);

  async attach(link: string, sourceId: string | null, port: MessagePortMain): Promise<void> {
    if (sourceId === null || (link !== 'capture-ui' && link !== 'detection-ui')) return;
    this.#end.send('link.offered', { link, sourceId }, [port]);
  }
}
