import { readFileSync } from 'node:fs';
import http from 'node:http';

/** A stretch of a transport stream in a file, and how long it lasts. */
export interface Stretch {
  readonly file: string;
  readonly seconds: number;
}

const EACH_MS = 40;

/**
 * A camera that sends a transport stream over HTTP, at the pace of its pictures: the first viewer sees `first` and then,
 * in the same connection, `then`; whoever comes later sees `then` from its beginning.
 */
export class TransportCamera {
  readonly port: number;
  readonly #server: http.Server;

  private constructor(server: http.Server) {
    this.#server = server;
    const address = server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
  }

  static async start(first: Stretch, then: Stretch): Promise<TransportCamera> {
    let viewers = 0;
    const server = http.createServer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'video/mp2t' });
      send(viewers++ === 0 ? [first, then] : [then], response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TransportCamera(server);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/live.ts`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** After the last stretch nothing more comes, and the connection stays. */
function send(stretches: readonly Stretch[], response: http.ServerResponse): void {
  const parts = stretches.map(({ file, seconds }) => ({ bytes: readFileSync(file), seconds }));
  const began = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    let due = 0;
    let leftS = (performance.now() - began) / 1000;
    for (const { bytes, seconds } of parts) {
      due += Math.round(Math.min(1, leftS / seconds) * bytes.length);
      leftS = Math.max(0, leftS - seconds);
    }
    let at = 0;
    for (const { bytes } of parts) {
      const [from, to] = [Math.max(0, sent - at), Math.min(bytes.length, due - at)];
      if (to > from) response.write(bytes.subarray(from, to));
      at += bytes.length;
    }
    sent = due;
  }, EACH_MS);
  response.on('close', () => clearInterval(timer));
}
