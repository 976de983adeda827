import { randomBytes } from 'node:crypto';
import http from 'node:http';
import path from 'node:path';
import type { Login } from '#shared/domain/source-input.ts';
import { LossError } from './camera-socket.ts';
import { HttpExchange } from './http-exchange.ts';
import type { Loss } from './loss.ts';
import { isPlaylist, renamePlaylist } from './playlist.ts';

export interface HttpRelayOrder {
  readonly url: string;
  readonly login: Login | null;
  /** SHA-256 of the certificate that a person accepted, or null. */
  readonly certificate: string | null;
  readonly answerLimitMs: number;
  readonly abort: AbortSignal;
  readonly onLoss: (loss: Loss) => void;
}

const MAX_PLAYLIST_BYTES = 4 * 1024 * 1024;
/** Segments of a long playlist that are remembered. */
const MAX_NAMES = 4096;
const PASSED_HEADERS = ['content-type', 'content-length', 'content-range', 'accept-ranges'];

const mayBePlaylist = (type: string, url: string): boolean =>
  /mpegurl/i.test(type) || /\.m3u8?$/i.test(new URL(url).pathname);

async function bodyOf(answer: http.IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of answer) {
    parts.push(part);
    bytes += part.length;
    if (bytes > MAX_PLAYLIST_BYTES) throw new RangeError('a playlist of more than 4 MB');
  }
  return Buffer.concat(parts);
}

/**
 * Stands between ffmpeg and a source on HTTP, on this machine only: logs in, follows redirects, speaks TLS, and gives
 * every address in an HLS playlist a name of its own, so that ffmpeg opens nothing but this relay.
 */
export class HttpRelay {
  /** For ffmpeg. */
  readonly url: string;
  /** MJPEG: pictures without times. */
  readonly arrivalClock: boolean;
  readonly #exchange: HttpExchange;
  readonly #order: HttpRelayOrder;
  readonly #server: http.Server;
  readonly #word = randomBytes(16).toString('hex');
  readonly #names = new Map<string, string>();
  readonly #addresses = new Map<string, string>();
  readonly #abort = new AbortController();
  #first: http.IncomingMessage | null;
  #nextName = 1;

  /** Fetches the address first. Throws LossError with what the server says. */
  static async open(order: HttpRelayOrder): Promise<HttpRelay> {
    const exchange = new HttpExchange(order);
    const first = await exchange.get(order.url, null, order.abort);
    const server = http.createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    }).catch((thrown: unknown) => {
      first.destroy();
      throw thrown;
    });
    return new HttpRelay(order, exchange, first, server);
  }

  private constructor(
    order: HttpRelayOrder,
    exchange: HttpExchange,
    first: http.IncomingMessage,
    server: http.Server,
  ) {
    this.#order = order;
    this.#exchange = exchange;
    this.#first = first;
    this.#server = server;
    const type = first.headers['content-type'] ?? '';
    this.arrivalClock = /multipart\/x-mixed-replace|image\/jpeg|video\/x-motion-jpeg/i.test(type);
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    this.url = `http://127.0.0.1:${port}${this.#nameOf(order.url)}`;
    server.on('request', (request, response) => void this.#answer(request, response));
  }

  /** Ends everything. Idempotent. */
  close(): void {
    this.#abort.abort();
    this.#first?.destroy();
    this.#first = null;
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** A name keeps the ending of its address, by which ffmpeg judges segments. */
  #nameOf(address: string): string {
    const known = this.#names.get(address);
    if (known !== undefined) return known;
    const ending = /^\.\w{1,8}$/.exec(path.posix.extname(new URL(address).pathname))?.[0] ?? '';
    const name = `/${this.#word}/${this.#nextName++}${ending}`;
    this.#names.set(address, name);
    this.#addresses.set(name, address);
    if (this.#names.size > MAX_NAMES) this.#forgetOldest();
    return name;
  }

  /** Never the first: it is the address of the source itself. */
  #forgetOldest(): void {
    const oldest = [...this.#names.keys()].find((address) => address !== this.#order.url);
    if (oldest === undefined) return;
    this.#addresses.delete(this.#names.get(oldest) ?? '');
    this.#names.delete(oldest);
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const address = this.#addresses.get(request.url ?? '');
    if (address === undefined || request.method !== 'GET') {
      response.writeHead(404).end();
      return;
    }
    try {
      await this.#fetch(address, request.headers.range ?? null, response);
    } catch (thrown) {
      if (thrown instanceof LossError && address === this.#order.url && !this.#abort.signal.aborted) {
        this.#order.onLoss(thrown.loss);
      }
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end();
    }
  }

  async #fetch(address: string, range: string | null, response: http.ServerResponse): Promise<void> {
    // The first answer is at hand already. ffmpeg begins with "everything from byte 0".
    const held = address === this.#order.url && (range === null || range === 'bytes=0-') ? this.#first : null;
    if (held !== null) this.#first = null;
    const answer = held ?? (await this.#exchange.get(address, range, this.#abort.signal));
    response.on('close', () => answer.destroy());
    if (mayBePlaylist(answer.headers['content-type'] ?? '', address)) {
      const text = (await bodyOf(answer)).toString('utf8');
      const body = isPlaylist(text) ? renamePlaylist(text, address, (url) => this.#nameOf(url)) : text;
      response.writeHead(200, { 'Content-Type': 'application/vnd.apple.mpegurl' }).end(body);
      return;
    }
    for (const name of PASSED_HEADERS) {
      const value = answer.headers[name];
      if (value !== undefined) response.setHeader(name, value);
    }
    response.writeHead(answer.statusCode ?? 200);
    answer.on('error', () => response.destroy());
    answer.on('aborted', () => response.destroy());
    answer.pipe(response);
  }
}
