import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { electronBinary, electronEnvironment, electronFlags, root } from './electron-binary.ts';
import { strike } from './process-tree.ts';

export interface WindowPlace {
  /** The app's folder, instead of this one. */
  readonly appFolder?: string;
  /** Chromium's switches for graphics; none without a graphics card if they are left out. */
  readonly graphics?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** More words of the command line. */
  readonly words?: readonly string[];
}

/** For an orderly end. */
const END_MS = 20_000;

/** A heap after everything unused was collected: what is in it, and the room V8 keeps for what comes, which grows by steps. */
export interface HeldHeap {
  readonly usedBytes: number;
  readonly spareBytes: number;
}

/** ivis with its window, driven as its users do. */
export class IvisWindow {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly dataFolder: string;
  /** What the page complained of: must stay empty. */
  readonly complaints: string[];

  private constructor(app: ElectronApplication, page: Page, dataFolder: string, complaints: string[]) {
    this.app = app;
    this.page = page;
    this.dataFolder = dataFolder;
    this.complaints = complaints;
  }

  /** `data`: the data folder of an earlier window, to open ivis again where it was closed. */
  static async open(
    words: readonly string[] = [],
    size = { width: 1366, height: 768 },
    data: string | null = null,
    { appFolder = root, graphics = ['--disable-gpu'], env = {}, words: more = [] }: WindowPlace = {},
  ): Promise<IvisWindow> {
    const dataFolder = data ?? mkdtempSync(join(tmpdir(), 'ivis-window-'));
    const app = await _electron.launch({
      executablePath: electronBinary(),
      args: [...electronFlags(), '--log-level=3', ...graphics, appFolder, ...words, ...more],
      env: electronEnvironment({ ...env, IVIS_DATA_DIR: dataFolder }),
    });
    const page = await app.firstWindow();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await app.evaluate(({ BrowserWindow }, { width, height }) => {
      BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
    }, size);
    // Nobody can drop or press anything before there is something to see.
    await page.getByTestId('page-watch').waitFor({ timeout: 60_000 });
    return new IvisWindow(app, page, dataFolder, complaints);
  }

  /** Has main and the page collect everything unused, and tells what they hold then. */
  async collect(): Promise<{ main: HeldHeap; page: HeldHeap }> {
    const main = await this.app.evaluate(() => {
      const kept = globalThis as { ivisCollect?: () => void };
      if (kept.ivisCollect === undefined) {
        process.getBuiltinModule('node:v8').setFlagsFromString('--expose-gc');
        // One context for all times: each is a megabyte of its own.
        kept.ivisCollect = process.getBuiltinModule('node:vm').runInNewContext('gc') as () => void;
      }
      kept.ivisCollect();
      const { heapUsed, heapTotal, external } = process.memoryUsage();
      return { usedBytes: heapUsed + external, spareBytes: heapTotal - heapUsed };
    });
    await this.page.requestGC();
    const page = await this.page.evaluate(() => {
      const { memory } = performance as unknown as {
        memory?: { usedJSHeapSize: number; totalJSHeapSize: number };
      };
      const { usedJSHeapSize = 0, totalJSHeapSize = 0 } = memory ?? {};
      return { usedBytes: usedJSHeapSize, spareBytes: totalJSHeapSize - usedJSHeapSize };
    });
    return { main, page };
  }

  /** Answers the next native open dialogs with `paths`. */
  async answerDialogs(paths: readonly string[]): Promise<void> {
    await this.app.evaluate(
      ({ dialog }, filePaths) => {
        dialog.showOpenDialog = async () => ({ canceled: filePaths.length === 0, filePaths });
      },
      [...paths],
    );
  }

  /** Answers the next native save dialogs with `path`. */
  async answerSave(path: string): Promise<void> {
    await this.app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: filePath === '', filePath });
    }, path);
  }

  /** Drops files on the page: real File objects with real paths, through a file input. */
  async drop(paths: readonly string[]): Promise<void> {
    await this.page.evaluate(() => {
      const input = document.createElement('input');
      input.type = 'file';
      input.multiple = true;
      input.id = 'test-files';
      input.hidden = true;
      document.body.append(input);
    });
    await this.page.setInputFiles('#test-files', [...paths]);
    await this.page.evaluate(() => {
      const input = document.querySelector<HTMLInputElement>('#test-files');
      const transfer = new DataTransfer();
      for (const file of input?.files ?? []) transfer.items.add(file);
      input?.remove();
      for (const type of ['dragenter', 'dragover', 'drop']) {
        document.body.dispatchEvent(
          new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }),
        );
      }
    });
  }

  /** Closes ivis as its user does and leaves its data. */
  async quit(): Promise<void> {
    await this.app.close();
  }

  async close(): Promise<void> {
    // A program that does not end must not hold up what comes after it.
    const pid = this.app.process().pid ?? -1;
    const timer = setTimeout(() => strike(pid, 'SIGKILL'), END_MS);
    await this.app.close().finally(() => clearTimeout(timer));
    rmSync(this.dataFolder, { recursive: true, force: true });
  }
}
