import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** What answers a path; null: there is no such page. `query` as the caller wrote it. */
export type Pages = (path: string, query: URLSearchParams) => Promise<Page | null> | Page | null;

/** Plenty for a scraper and a person, too few to keep the main process busy. */
const MAX_PER_SECOND = 50;
const MAX_CONNECTIONS = 16;
const MAX_URL = 2048;
const LOOPBACK = '127.0.0.1';

/** A page as JSON. */
export function jsonPage(status: number, value: unknown): Page {
  return { status, type: 'application/json; charset=utf-8', body: `${JSON.stringify(value)}\n` };
}

const refusal = (status: number, error: string): Page => jsonPage(status, { error });

/**
 * Pages for other programs of this computer: loopback only, GET only, and only for a caller that means this computer.
 * A name that merely points here (DNS rebinding) is not let in.
 */
export class OutsideServer {
  readonly #server: Server;
  readonly #pages: Pages;
  #second = 0;
  #asked = 0;

  private constructor(pages: Pages) {
    this.#pages = pages;
    this.#server = createServer(
      { maxHeaderSize: 8192, requestTimeout: 5000, headersTimeout: 5000 },
      (request, response) => {
        void this.#answer(request, response);
      },
    );
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.keepAliveTimeout = 5000;
  }

  /** Resolves when it listens on 127.0.0.1; rejects when the port is taken. With port 0 the system chooses a free one. */
  static open(port: number, pages: Pages): Promise<OutsideServer> {
    const outside = new OutsideServer(pages);
    return new Promise((resolve, reject) => {
      outside.#server.once('error', reject);
      outside.#server.listen(port, LOOPBACK, () => {
        outside.#server.off('error', reject);
        outside.#server.on('error', () => {});
        resolve(outside);
      });
    });
  }

  get port(): number {
    const address = this.#server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  }

  get url(): string {
    return `http://${LOOPBACK}:${this.port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const page = await this.#pageFor(request).catch(() => refusal(500, 'internal'));
    // The body of a request is never read: the connection ends instead.
    const more = request.method === 'GET' ? {} : { connection: 'close' };
    response.writeHead(page.status, {
      'content-type': page.type,
      'content-length': Buffer.byteLength(page.body),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'",
      ...(page.status === 405 ? { allow: 'GET' } : {}),
      ...more,
    });
    response.end(request.method === 'HEAD' ? undefined : page.body);
  }

  async #pageFor(request: IncomingMessage): Promise<Page> {
    if (!this.#isOurs(request)) return refusal(403, 'only for this computer');
    if (request.method !== 'GET') return refusal(405, 'GET only');
    if (this.#tooMany()) return refusal(429, 'too many requests');
    const text = request.url ?? '/';
    if (text.length > MAX_URL || !text.startsWith('/')) return refusal(400, 'not a path');
    const url = new URL(text, this.url);
    return (await this.#pages(url.pathname, url.searchParams)) ?? refusal(404, 'there is no such page');
  }

  #isOurs({ headers, socket }: IncomingMessage): boolean {
    const names = [LOOPBACK, 'localhost', '[::1]'];
    const hosts = names.flatMap((name) => [name, `${name}:${this.port}`]);
    const host = headers.host?.toLowerCase();
    // A page of another origin may not read this computer's figures either.
    const foreign = headers.origin !== undefined;
    return host !== undefined && hosts.includes(host) && !foreign && socket.remoteAddress === LOOPBACK;
  }

  #tooMany(): boolean {
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#asked = 0;
    }
    this.#asked += 1;
    return this.#asked > MAX_PER_SECOND;
  }
}
