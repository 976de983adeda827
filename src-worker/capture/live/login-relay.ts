import { randomBytes } from 'node:crypto';
import net from 'node:net';
import type { Login } from '#shared/domain/source-input.ts';
import { type CameraAddress, connectCamera } from './camera-socket.ts';
import { LoginAnswer, parseChallenges } from './login-answer.ts';
import type { Loss } from './loss.ts';
import { headerOf, type RtspMessage, RtspSplitter, writeMessage } from './rtsp-splitter.ts';
import { statusLoss } from './status-loss.ts';

export interface RelayOrder {
  readonly url: string;
  readonly login: Login | null;
  /** SHA-256 of the certificate that a person accepted, or null. */
  readonly certificate: string | null;
  readonly connectLimitMs: number;
  /** A camera that says nothing to a request for so long does not answer. */
  readonly answerLimitMs: number;
  readonly abort: AbortSignal;
  /** Told once: why no pictures will come over this connection. */
  readonly onLoss: (loss: Loss) => void;
}

interface Asked {
  readonly message: RtspMessage;
  /** The number ffmpeg gave it. */
  readonly number: string;
  readonly loggedIn: boolean;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** Requests whose refusal means that there will be no pictures; others (keep-alive) a camera may refuse. */
const NEEDED = new Set(['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY']);
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'rtsp:': 554, 'rtsps:': 322 };

/** Host without the brackets of IPv6, port and kind of an rtsp address. */
function addressOf({ url: text, certificate }: RelayOrder): CameraAddress {
  const url = new URL(text);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? 554) : Number(url.port),
    secure: url.protocol === 'rtsps:',
    certificate,
  };
}

/**
 * The transport that a camera offers for UDP, with the camera as its source (RFC 2326, 12.39). ffmpeg takes this machine
 * for its server and would send there what is to open firewalls on the way, and its reports.
 */
export function withSource(transport: string, camera: string): string {
  if (/interleaved|multicast|;\s*source=/i.test(transport) || !/server_port=/i.test(transport))
    return transport;
  return `${transport};source=${camera.replace(/^::ffff:/i, '')}`;
}

/** Passes bytes on; a target that is full holds its source back. */
function pass(from: net.Socket, to: net.Socket, bytes: Buffer): void {
  // Held back already: one chunk may have many parts, and the first of them waits for all.
  if (to.destroyed || to.write(bytes) || from.isPaused()) return;
  from.pause();
  to.once('drain', () => from.resume());
}

/**
 * Stands between ffmpeg and an RTSP camera, on this machine only. It logs in, so that ffmpeg never learns a password
 * and none is on a command line; it hears the camera's own answers, so that a wrong password and a wrong path are told
 * apart without reading logs. It takes one connection, which has to know the word in its address.
 */
export class LoginRelay {
  /** For ffmpeg. */
  readonly url: string;
  readonly #order: RelayOrder;
  readonly #server: net.Server;
  readonly #camera: net.Socket;
  readonly #login: LoginAnswer | null;
  readonly #asked = new Map<number, Asked>();
  #viewer: net.Socket | null = null;
  #nextNumber = 1;
  #closed = false;
  #lost = false;

  /** Connects to the camera first. Throws LossError: unreachable or address-unknown. */
  static async open(order: RelayOrder): Promise<LoginRelay> {
    const camera = await connectCamera(addressOf(order), order.connectLimitMs, order.abort);
    const server = net.createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    }).catch((thrown: unknown) => {
      camera.destroy();
      throw thrown;
    });
    return new LoginRelay(order, server, camera);
  }

  private constructor(order: RelayOrder, server: net.Server, camera: net.Socket) {
    this.#order = order;
    this.#server = server;
    this.#camera = camera;
    this.#login = order.login === null ? null : new LoginAnswer(order.login);
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    this.url = `rtsp://127.0.0.1:${port}/${randomBytes(16).toString('hex')}`;
    server.on('connection', (socket) => this.#greet(socket));
    const splitter = new RtspSplitter();
    camera.on('data', (bytes) => this.#fromCamera(splitter, bytes));
    camera.on('close', () => this.#lose('lost', 'camera-lost', 'the camera ended the connection'));
  }

  /** Requests that an answer may come to. */
  get asked(): number {
    return this.#asked.size;
  }

  /** Ends both connections. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { timer } of this.#asked.values()) clearTimeout(timer);
    this.#asked.clear();
    this.#server.close();
    this.#camera.destroy();
    this.#viewer?.destroy();
  }

  #lose(kind: Loss['kind'], error: Loss['error']['kind'], message: string): void {
    this.#tell({ kind, error: { kind: error, message } });
  }

  #tell(loss: Loss): void {
    if (this.#closed || this.#lost) return;
    this.#lost = true;
    this.#order.onLoss(loss);
    this.#viewer?.end();
  }

  /** The first whose first request knows the word is the viewer; then nobody else is let in. */
  #greet(socket: net.Socket): void {
    const splitter = new RtspSplitter();
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.setTimeout(this.#order.answerLimitMs, () => {
      if (socket !== this.#viewer) socket.destroy();
    });
    socket.on('data', (bytes) => {
      try {
        for (const item of splitter.push(bytes)) {
          if (this.#viewer !== null && socket !== this.#viewer) return void socket.destroy();
          if (item.kind === 'data') pass(socket, this.#camera, item.bytes);
          else if (!this.#request(socket, item)) return void socket.destroy();
        }
      } catch {
        socket.destroy();
      }
    });
    socket.on('close', () => {
      if (socket === this.#viewer) this.#camera.end();
    });
  }

  #request(socket: net.Socket, message: RtspMessage): boolean {
    const [method = '', uri = '', version = ''] = message.start.split(' ');
    if (this.#viewer === null) {
      if (!uri.startsWith(this.url)) return false;
      this.#viewer = socket;
      socket.setTimeout(0);
      this.#server.close();
    }
    const real = uri.startsWith(this.url) ? this.#order.url + uri.slice(this.url.length) : uri;
    const number = headerOf(message, 'CSeq') ?? '0';
    this.#ask({ ...message, start: `${method} ${real} ${version}` }, number, false);
    return true;
  }

  #ask(message: RtspMessage, number: string, again: boolean): void {
    const [method = '', uri = ''] = message.start.split(' ');
    const own = this.#nextNumber++;
    const answer = this.#login?.header(method, uri) ?? null;
    const headers = message.headers.filter(([name]) => !/^(cseq|authorization)$/i.test(name));
    const all = [
      ['CSeq', String(own)] as const,
      ...headers,
      ...(answer === null ? [] : [['Authorization', answer] as const]),
    ];
    const limitMs = this.#order.answerLimitMs;
    const timer = setTimeout(() => {
      // A camera that never answers a keep-alive would be remembered for each of them.
      this.#asked.delete(own);
      if (NEEDED.has(method)) {
        const message = `the camera takes the connection but does not answer ${method} within ${limitMs / 1000} s`;
        this.#lose('unreachable', 'camera-unreachable', message);
      }
    }, limitMs);
    this.#asked.set(own, { message, number, loggedIn: again, timer });
    if (!this.#camera.destroyed) this.#camera.write(writeMessage({ ...message, headers: all }));
  }

  #fromCamera(splitter: RtspSplitter, bytes: Buffer): void {
    try {
      for (const item of splitter.push(bytes)) {
        if (item.kind === 'message') this.#answered(item);
        else if (this.#viewer !== null) pass(this.#camera, this.#viewer, item.bytes);
      }
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      this.#lose('refused', 'camera-refused', `what answers there does not speak RTSP: ${why}`);
      this.#camera.destroy();
    }
  }

  #answered(message: RtspMessage): void {
    const [version = '', code = '', ...reason] = message.start.split(' ');
    if (!version.startsWith('RTSP/')) return this.#strange(message);
    const own = Number(headerOf(message, 'CSeq') ?? Number.NaN);
    const asked = this.#asked.get(own);
    if (asked === undefined) return;
    clearTimeout(asked.timer);
    this.#asked.delete(own);
    const status = Number(code);
    if (status === 401 && !asked.loggedIn && this.#logIn(message)) {
      return this.#ask(asked.message, asked.number, true);
    }
    const [method = ''] = asked.message.start.split(' ');
    const loss = NEEDED.has(method) ? statusLoss(status, reason.join(' '), this.#login !== null) : null;
    if (loss !== null) this.#tell(loss);
    const headers = message.headers.map(([name, value]) => {
      if (/^cseq$/i.test(name)) return [name, asked.number] as const;
      const source = this.#camera.remoteAddress;
      if (method !== 'SETUP' || !/^transport$/i.test(name) || source === undefined)
        return [name, value] as const;
      return [name, withSource(value, source)] as const;
    });
    // A camera must not send ffmpeg to another machine.
    if (status >= 300 && status < 400) return void this.#viewer?.destroy();
    if (this.#viewer !== null) pass(this.#camera, this.#viewer, writeMessage({ ...message, headers }));
  }

  /** A request of the camera is passed on; anything else is no RTSP. */
  #strange(message: RtspMessage): void {
    if (!/ RTSP\/\d/.test(message.start)) throw new RangeError('an unknown first line');
    if (this.#viewer !== null) pass(this.#camera, this.#viewer, writeMessage(message));
  }

  #logIn(message: RtspMessage): boolean {
    const offered = message.headers.filter(([name]) => name.toLowerCase() === 'www-authenticate');
    return this.#login?.hear(parseChallenges(offered.map(([, value]) => value))) ?? false;
  }
}
