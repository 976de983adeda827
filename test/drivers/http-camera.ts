import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';

/** A camera on the web: one folder of files, and pictures as MJPEG. */
export interface HttpCameraOrder {
  readonly folder: string;
  /** JPEG files shown one after the other at /live.mjpg. */
  readonly pictures?: string;
  readonly fps?: number;
  readonly basic?: { readonly user: string; readonly password: string };
}

export class HttpCamera {
  readonly port: number;
  /** Paths that were asked for with the right login, in their order. */
  readonly asked: readonly string[];
  readonly #server: http.Server;

  private constructor(server: http.Server, asked: readonly string[]) {
    this.#server = server;
    this.asked = asked;
    const address = server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
  }

  static async start(order: HttpCameraOrder): Promise<HttpCamera> {
    const asked: string[] = [];
    const server = http.createServer((request, response) => {
      const { basic } = order;
      const wanted = basic && `Basic ${Buffer.from(`${basic.user}:${basic.password}`).toString('base64')}`;
      if (wanted !== undefined && request.headers.authorization !== wanted) {
        response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="camera"' }).end();
        return;
      }
      const name = new URL(request.url ?? '/', 'http://x').pathname;
      asked.push(name);
      if (name === '/live.mjpg') showPictures(order, response);
      else if (name === '/moved') response.writeHead(302, { Location: '/live.mjpg' }).end();
      else sendFile(path.join(order.folder, path.basename(name)), request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new HttpCamera(server, asked);
  }

  url(name: string): string {
    return `http://127.0.0.1:${this.port}${name}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

function showPictures({ pictures = '', fps = 10 }: HttpCameraOrder, response: http.ServerResponse): void {
  const files = readdirSync(pictures).sort();
  const jpegs = files.map((file) => readFileSync(path.join(pictures, file)));
  response.writeHead(200, { 'Content-Type': 'multipart/x-mixed-replace; boundary=frame' });
  let n = 0;
  const timer = setInterval(() => {
    const jpeg = jpegs[n++ % jpegs.length];
    if (jpeg === undefined) return;
    response.write(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`);
    response.write(jpeg);
    response.write('\r\n');
  }, 1000 / fps);
  response.on('close', () => clearInterval(timer));
}

function sendFile(file: string, request: http.IncomingMessage, response: http.ServerResponse): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) {
    response.writeHead(404).end();
    return;
  }
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const type = file.endsWith('.m3u8') ? 'application/vnd.apple.mpegurl' : 'application/octet-stream';
  const headers = { 'Content-Type': type, 'Content-Length': size - from, 'Accept-Ranges': 'bytes' };
  if (from > 0) response.writeHead(206, { ...headers, 'Content-Range': `bytes ${from}-${size - 1}/${size}` });
  else response.writeHead(200, headers);
  createReadStream(file, { start: from }).pipe(response);
}
