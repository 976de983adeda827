import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

const PYTHON = '/usr/bin/python3';
const probe = [
  'import gi',
  "gi.require_version('GstRtspServer', '1.0')",
  'from gi.repository import Gst, GstRtspServer',
  'Gst.init(None)',
  "assert all(Gst.ElementFactory.find(n) for n in ('appsrc', 'h264parse', 'rtph264pay'))",
].join('\n');

/** Why there can be no RTSP server here; null when there can. */
export function rtspMissing(): string | null {
  if (process.platform !== 'linux' || !existsSync(PYTHON))
    return 'the RTSP server for tests needs Linux and python3';
  const { status } = spawnSync(PYTHON, ['-c', probe], { timeout: 20_000 });
  return status === 0 ? null : 'no GStreamer RTSP server: `npm run setup` as root installs it (group rtsp)';
}

/** What a camera of the server shows. */
export interface Mount {
  readonly path: string;
  readonly file: string;
  readonly fps: number;
  readonly codec?: 'h264' | 'h265';
  /** So many times as fast as the clip says. */
  readonly speed?: number;
  /** Share of pictures that get wrong bytes. */
  readonly damage?: number;
  /** It concerns so many of the first pictures; left out: all. */
  readonly damaged?: number;
  /** The clip is shown once, then no picture comes any more while the connection stays. */
  readonly once?: boolean;
}

export interface ServerOrder {
  readonly mounts: readonly Mount[];
  /** 0 takes a free one. */
  readonly port?: number;
  /** Where it listens, in the network namespace of that name; this machine's own loopback when left out. */
  readonly within?: { readonly namespace: string; readonly address: string };
  readonly user?: string;
  readonly password?: string;
  readonly digest?: boolean;
}

/** A real RTSP server in a process of its own, which tests kill, stop and start again. */
export class RtspServer {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #address: string;

  private constructor(child: ChildProcess, address: string, port: number) {
    this.#child = child;
    this.#address = address;
    this.port = port;
  }

  /** Resolves when it listens. */
  static async start({ within, ...rest }: ServerOrder): Promise<RtspServer> {
    const script = path.join(import.meta.dirname, 'rtsp-server.py');
    const address = within?.address ?? '127.0.0.1';
    const command = [PYTHON, script, JSON.stringify({ ...rest, address })];
    const [file = PYTHON, ...args] =
      within === undefined ? command : ['ip', 'netns', 'exec', within.namespace, ...command];
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000);
    });
    const lines = createInterface({ input: child.stdout });
    const port = await new Promise<number>((resolve, reject) => {
      lines.once('line', (line) => {
        const told: unknown = JSON.parse(line);
        if (typeof told === 'object' && told !== null && 'port' in told) resolve(Number(told.port));
        else reject(new Error(line));
      });
      child.once('exit', () => reject(new Error(`the RTSP server did not start: ${said}`)));
    });
    child.removeAllListeners('exit');
    return new RtspServer(child, address, port);
  }

  get pid(): number | null {
    return this.#child.pid ?? null;
  }

  url(mount: string): string {
    return `rtsp://${this.#address}:${this.port}${mount}`;
  }

  /** As a camera whose power goes. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }

  /** As a cut cable: connections stay, nothing comes. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
  }
}
