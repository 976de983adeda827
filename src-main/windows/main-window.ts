import { BrowserWindow } from 'electron';
import { APP_ORIGIN } from './app-protocol.ts';
import { PageWatch, type PageWatchOptions } from './page-watch.ts';

/** The one window; shown when its first picture is ready, its page loaded again when it falls. */
export function openMainWindow(
  preloadPath: string,
  watch: PageWatchOptions,
): { readonly window: BrowserWindow; readonly page: PageWatch } {
  const window = new BrowserWindow({
    width: 1600,
    height: 900,
    minWidth: 1024,
    minHeight: 640,
    show: false,
    backgroundColor: '#0d1117',
    title: 'ivis',
    webPreferences: {
      preload: preloadPath,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      // A wall behind another window must go on showing true ages and counts.
      backgroundThrottling: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  const url = `${APP_ORIGIN}/index.html`;
  const page = new PageWatch(window, url, watch);
  void window.loadURL(url);
  return { window, page };
}
