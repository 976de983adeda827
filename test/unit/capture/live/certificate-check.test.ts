import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { fingerprintIn } from '#shared/domain/certificate.ts';
import { connectCamera, LossError } from '../../../../src-worker/capture/live/camera-socket.ts';
import { certificateLoss } from '../../../../src-worker/capture/live/certificate-check.ts';
import { HttpExchange } from '../../../../src-worker/capture/live/http-exchange.ts';
import {
  type CertificateOrder,
  type MadeCertificate,
  makeCertificate,
} from '../../../fixtures/certificate.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const HOST = '127.0.0.1';
const fingerprintOf = ({ cert }: MadeCertificate): string => {
  const { fingerprint256 } = new X509Certificate(cert);
  return fingerprint256;
};

/** A camera on TLS that remembers every byte it was sent. */
async function camera(certificate: MadeCertificate) {
  const heard: Buffer[] = [];
  const server = tls.createServer({ cert: certificate.cert, key: certificate.key }, (socket) => {
    closers.push(() => socket.destroy());
    socket.on('error', () => {});
    socket.on('data', (bytes) => heard.push(bytes));
  });
  server.on('tlsClientError', () => {});
  server.listen(0, HOST);
  await once(server, 'listening');
  closers.push(() => server.close());
  return { port: (server.address() as AddressInfo).port, heard };
}

async function lossOf(order: CertificateOrder, accepted: string | null = null): Promise<string> {
  const { port } = await camera(makeCertificate(order));
  const address = { host: HOST, port, secure: true, certificate: accepted };
  const thrown: unknown = await connectCamera(address, 2000, new AbortController().signal).catch(
    (error: unknown) => error,
  );
  if (!(thrown instanceof LossError)) throw new Error('it was trusted');
  expect(thrown.loss.kind).toBe('not-trusted');
  expect(thrown.loss.error.kind).toBe('camera-certificate');
  return thrown.loss.error.message;
}

describe('a camera with a certificate', () => {
  it('that it signed itself is refused by that name, with the fingerprint', async () => {
    const certificate = makeCertificate({ name: HOST });
    const { port } = await camera(certificate);
    const address = { host: HOST, port, secure: true, certificate: null };
    const thrown: unknown = await connectCamera(address, 2000, new AbortController().signal).catch(
      (error: unknown) => error,
    );
    const message = thrown instanceof LossError ? thrown.loss.error.message : '';
    expect(message).toContain('it is signed by itself');
    expect(fingerprintIn(message)).toBe(fingerprintOf(certificate));
  });

  it('that strangers signed is refused by that name', async () => {
    const stranger = makeCertificate({ name: 'A stranger', authority: true });
    expect(await lossOf({ name: HOST, signer: stranger })).toContain('does not know');
  });

  it('that a person accepted is taken, and no other one in its place', async () => {
    const certificate = makeCertificate({ name: HOST });
    const { port } = await camera(certificate);
    const accepted = fingerprintOf(certificate);
    const address = { host: HOST, port, secure: true, certificate: accepted };
    const socket = await connectCamera(address, 2000, new AbortController().signal);
    closers.push(() => socket.destroy());
    expect(socket.destroyed).toBe(false);
    expect(await lossOf({ name: HOST }, accepted)).toContain('not the one that was accepted');
  });

  it('of an authority that is trusted is taken for its own name, in its time, and for nothing else', async () => {
    const authority = makeCertificate({ name: 'The authority of the house', authority: true });
    const judged = async (order: CertificateOrder): Promise<string | null> => {
      const { port } = await camera(makeCertificate({ ...order, signer: authority }));
      const socket = tls.connect({ host: HOST, port, rejectUnauthorized: false, ca: authority.cert });
      closers.push(() => socket.destroy());
      await once(socket, 'secureConnect');
      return certificateLoss(socket, 'camera', null)?.error.message ?? null;
    };
    expect(await judged({ name: HOST })).toBeNull();
    expect(await judged({ name: 'elsewhere.example' })).toContain('it is for another name');
    expect(await judged({ name: HOST, fromDays: -20, toDays: -10 })).toContain('its time is over');
  });

  it('of an authority that this computer trusts is taken without a person', async () => {
    const authority = makeCertificate({ name: 'The authority of the house', authority: true });
    const { port } = await camera(makeCertificate({ name: HOST, signer: authority }));
    const folder = mkdtempSync(join(tmpdir(), 'ivis-authority-'));
    closers.push(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'authority.pem'), authority.cert);
    const file = fileURLToPath(
      new URL('../../../../src-worker/capture/live/camera-socket.ts', import.meta.url),
    );
    const program = `const { connectCamera } = await import(${JSON.stringify(pathToFileURL(file).href)});
      const address = { host: '${HOST}', port: ${port}, secure: true, certificate: null };
      await connectCamera(address, 2000, new AbortController().signal);
      process.stdout.write('trusted');
      process.exit(0);`;
    const run = promisify(execFile);
    const outcome = (env: NodeJS.ProcessEnv): Promise<string> =>
      run(process.execPath, ['--input-type=module', '-e', program], { env }).then(
        ({ stdout }) => stdout,
        () => 'refused',
      );
    const { NODE_EXTRA_CA_CERTS: _, ...plain } = process.env;
    expect(await outcome(plain)).toBe('refused');
    expect(await outcome({ ...plain, NODE_EXTRA_CA_CERTS: join(folder, 'authority.pem') })).toBe('trusted');
  });
});

describe('fetching over HTTPS', () => {
  const fetchFrom = async (accepted: (certificate: MadeCertificate) => string | null) => {
    const certificate = makeCertificate({ name: HOST });
    const asked: (string | undefined)[] = [];
    const server = https.createServer(
      { cert: certificate.cert, key: certificate.key },
      (request, response) => {
        asked.push(request.headers.authorization);
        if (request.headers.authorization === undefined) {
          response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="camera"' }).end();
        } else response.end('pictures');
      },
    );
    server.listen(0, HOST);
    await once(server, 'listening');
    closers.push(() => server.close());
    const url = `https://${HOST}:${(server.address() as AddressInfo).port}/live`;
    const login = { user: 'u', password: 'secret' };
    const exchange = new HttpExchange({
      url,
      login,
      certificate: accepted(certificate),
      answerLimitMs: 2000,
    });
    const answer = exchange.get(url, null, new AbortController().signal);
    return { answer, asked };
  };

  it('asks nothing of a server that is not trusted, and tells why', async () => {
    const { answer, asked } = await fetchFrom(() => null);
    const thrown: unknown = await answer.catch((error: unknown) => error);
    expect(thrown instanceof LossError ? thrown.loss.kind : thrown).toBe('not-trusted');
    expect(asked).toEqual([]);
  });

  it('logs in at one that a person accepted', async () => {
    const { answer, asked } = await fetchFrom(fingerprintOf);
    const { statusCode } = await answer.then((found) => {
      found.destroy();
      return found;
    });
    expect(statusCode).toBe(200);
    expect(asked).toEqual([undefined, `Basic ${Buffer.from('u:secret').toString('base64')}`]);
  });
});
