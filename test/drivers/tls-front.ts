import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { type MadeCertificate, makeCertificate } from '../fixtures/certificate.ts';

/** TLS with a certificate of its own in front of a server on this machine, as cameras have it built in. */
export class TlsFront {
  readonly port: number;
  readonly certificate: MadeCertificate;
  readonly #server: tls.Server;
  readonly #sockets = new Set<net.Socket>();

  private constructor(server: tls.Server, certificate: MadeCertificate) {
    this.#server = server;
    this.certificate = certificate;
    const address = server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
  }

  static async start(behindPort: number): Promise<TlsFront> {
    const certificate = makeCertificate({ name: '127.0.0.1' });
    const server = tls.createServer({ cert: certificate.cert, key: certificate.key });
    server.on('tlsClientError', () => {});
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const front = new TlsFront(server, certificate);
    server.on('secureConnection', (outside) => {
      const inside = net.connect(behindPort, '127.0.0.1');
      for (const [from, to] of [
        [outside, inside],
        [inside, outside],
      ] as const) {
        front.#sockets.add(from);
        from.on('error', () => {});
        from.on('close', () => {
          front.#sockets.delete(from);
          to.destroy();
        });
        from.pipe(to);
      }
    });
    return front;
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
