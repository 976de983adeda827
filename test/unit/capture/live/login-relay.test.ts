import net from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LossError } from '../../../../src-worker/capture/live/camera-socket.ts';
import { LoginRelay, withSource } from '../../../../src-worker/capture/live/login-relay.ts';
import type { Loss } from '../../../../src-worker/capture/live/loss.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A camera that answers each request by a function of it. */
async function camera(answer: (request: string, socket: net.Socket) => string | null) {
  const requests: string[] = [];
  const server = net.createServer((socket) => {
    closers.push(() => socket.destroy());
    socket.on('error', () => {});
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const request = text.slice(0, end);
        text = text.slice(end + 4);
        requests.push(request);
        const told = answer(request, socket);
        if (told !== null) socket.write(told);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `rtsp://127.0.0.1:${port}/live?x=1`, requests };
}

async function relayTo(
  url: string,
  login: { user: string; password: string } | null = null,
  answerLimitMs = 300,
) {
  const losses: Loss[] = [];
  const abort = new AbortController();
  const order = {
    url,
    login,
    certificate: null,
    connectLimitMs: 1000,
    answerLimitMs,
    abort: abort.signal,
  };
  const relay = await LoginRelay.open({ ...order, onLoss: (loss) => losses.push(loss) });
  closers.push(() => relay.close());
  return { relay, losses };
}

/** Somebody who connects to the relay and reads what comes. */
async function viewer(relay: LoginRelay) {
  const socket = net.connect(Number(new URL(relay.url).port), '127.0.0.1');
  closers.push(() => socket.destroy());
  const seen = { text: '', closed: false };
  socket.on('data', (bytes) => {
    seen.text += bytes.toString('latin1');
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    seen.closed = true;
  });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return { socket, seen };
}

const until = async (reached: () => boolean): Promise<void> => {
  for (let n = 0; n < 300 && !reached(); n++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(reached()).toBe(true);
};
const numberOf = (request: string): string => /CSeq: (\d+)/i.exec(request)?.[1] ?? '';
const ok = (request: string, more = ''): string =>
  `RTSP/1.0 200 OK\r\nCSeq: ${numberOf(request)}\r\n${more}\r\n`;

describe('the relay between ffmpeg and a camera', () => {
  it('puts the true address and the answer to the login into each request, and hands data on untouched', async () => {
    const data = '$\x00\x00\x04abcd';
    const { url, requests } = await camera((request) => {
      if (!request.includes('Authorization: Digest')) {
        return `RTSP/1.0 401 Unauthorized\r\nCSeq: ${numberOf(request)}\r\nWWW-Authenticate: Digest realm="r", nonce="n"\r\n\r\n`;
      }
      return ok(request) + (request.startsWith('PLAY') ? data : '');
    });
    const { relay, losses } = await relayTo(url, { user: 'u', password: 'p' });
    const { socket, seen } = await viewer(relay);
    socket.write(`DESCRIBE ${relay.url} RTSP/1.0\r\nCSeq: 7\r\nAccept: application/sdp\r\n\r\n`);
    await until(() => seen.text.includes('\r\n\r\n'));
    expect(seen.text).toBe('RTSP/1.0 200 OK\r\nCSeq: 7\r\n\r\n');
    expect(requests.map((request) => request.split('\r\n')[0])).toEqual([
      `DESCRIBE ${url} RTSP/1.0`,
      `DESCRIBE ${url} RTSP/1.0`,
    ]);
    expect(requests[1]).toContain(`uri="${url}"`);
    socket.write(`PLAY ${relay.url}/track1 RTSP/1.0\r\nCSeq: 8\r\n\r\n`);
    await until(() => seen.text.endsWith(data));
    expect(requests[2]?.split('\r\n')[0]).toBe(`PLAY ${url}/track1 RTSP/1.0`);
    expect(losses).toEqual([]);
  });

  it('lets in nobody who does not know its word, and only one who does', async () => {
    const { url, requests } = await camera((request) => ok(request));
    const { relay } = await relayTo(url);
    const stranger = await viewer(relay);
    stranger.socket.write(
      `OPTIONS rtsp://127.0.0.1:${new URL(relay.url).port}/guess RTSP/1.0\r\nCSeq: 1\r\n\r\n`,
    );
    await until(() => stranger.seen.closed);
    expect(requests).toEqual([]);
    const own = await viewer(relay);
    own.socket.write(`OPTIONS ${relay.url} RTSP/1.0\r\nCSeq: 1\r\n\r\n`);
    await until(() => own.seen.text !== '');
    // The door is closed behind the first.
    await expect(viewer(relay)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(requests).toHaveLength(1);
  });

  it('does not let a camera send ffmpeg elsewhere', async () => {
    const { url } = await camera(
      (request) => `RTSP/1.0 302 Moved\r\nCSeq: ${numberOf(request)}\r\nLocation: rtsp://10.0.0.1/x\r\n\r\n`,
    );
    const { relay, losses } = await relayTo(url);
    const { socket, seen } = await viewer(relay);
    socket.write(`DESCRIBE ${relay.url} RTSP/1.0\r\nCSeq: 1\r\n\r\n`);
    await until(() => seen.closed);
    expect(seen.text).toBe('');
    expect(losses[0]?.kind).toBe('refused');
  });

  it('tells what a camera refuses, but not that it knows no keep-alive', async () => {
    const { url } = await camera((request) => {
      const status = request.startsWith('SETUP') ? '461 Unsupported Transport' : '501 Not Implemented';
      return `RTSP/1.0 ${status}\r\nCSeq: ${numberOf(request)}\r\n\r\n`;
    });
    const { relay, losses } = await relayTo(url);
    const { socket, seen } = await viewer(relay);
    socket.write(`GET_PARAMETER ${relay.url} RTSP/1.0\r\nCSeq: 1\r\n\r\n`);
    await until(() => seen.text.includes('501'));
    expect(losses).toEqual([]);
    socket.write(`SETUP ${relay.url} RTSP/1.0\r\nCSeq: 2\r\n\r\n`);
    await until(() => losses.length === 1);
    expect(losses[0]).toMatchObject({
      kind: 'refused',
      error: { message: expect.stringContaining('TCP or UDP') },
    });
  });

  it('forgets a keep-alive that is never answered', async () => {
    const { url } = await camera(() => null);
    const { relay, losses } = await relayTo(url);
    const { socket } = await viewer(relay);
    for (let n = 1; n <= 5; n++) socket.write(`GET_PARAMETER ${relay.url} RTSP/1.0\r\nCSeq: ${n}\r\n\r\n`);
    await until(() => relay.asked === 5);
    await until(() => relay.asked === 0);
    expect(losses).toEqual([]);
  });

  it('holds a camera back whose viewer does not read, once, and loses nothing', {
    timeout: 40_000,
  }, async () => {
    const packet = Buffer.concat([Buffer.from([0x24, 0, 4, 0]), Buffer.alloc(1024, 1)]);
    const packets = 8000;
    const { url } = await camera((request, socket) => {
      socket.write(ok(request));
      socket.write(Buffer.concat(Array.from({ length: packets }, () => packet)));
      return null;
    });
    const warnings: Error[] = [];
    const warned = (warning: Error): number => warnings.push(warning);
    process.on('warning', warned);
    const { relay } = await relayTo(url, null, 30_000);
    const { socket, seen } = await viewer(relay);
    socket.pause();
    socket.write(`PLAY ${relay.url} RTSP/1.0\r\nCSeq: 1\r\n\r\n`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    socket.resume();
    await vi.waitUntil(() => seen.text.length >= packets * packet.length, { timeout: 30_000, interval: 50 });
    process.off('warning', warned);
    expect(warnings).toEqual([]);
    expect(seen.text.slice(seen.text.indexOf('$'))).toHaveLength(packets * packet.length);
  });

  it('names the camera as the source of what comes over UDP, and only there', async () => {
    const { url } = await camera((request) =>
      ok(request, 'Transport: RTP/AVP;unicast;client_port=5000-5001;server_port=6000-6001\r\n'),
    );
    const { relay } = await relayTo(url);
    const { socket, seen } = await viewer(relay);
    socket.write(`SETUP ${relay.url} RTSP/1.0\r\nCSeq: 1\r\n\r\n`);
    await until(() => seen.text.includes('\r\n\r\n'));
    expect(seen.text).toContain('server_port=6000-6001;source=127.0.0.1\r\n');
    const udp = 'RTP/AVP;unicast;client_port=1-2;server_port=3-4';
    expect(withSource(udp, '::ffff:10.0.0.7')).toBe(`${udp};source=10.0.0.7`);
    for (const left of [
      `${udp};source=10.0.0.9`,
      'RTP/AVP/TCP;unicast;interleaved=0-1',
      'RTP/AVP;multicast;destination=239.0.0.1;port=3-4',
    ])
      expect(withSource(left, '10.0.0.7')).toBe(left);
  });

  it('tells that a camera is silent, gone, or not there', async () => {
    const silent = await camera(() => null);
    const first = await relayTo(silent.url);
    const { socket } = await viewer(first.relay);
    socket.write(`OPTIONS ${first.relay.url} RTSP/1.0\r\nCSeq: 1\r\n\r\n`);
    await until(() => first.losses.length === 1);
    expect(first.losses[0]?.kind).toBe('unreachable');
    const gone = await camera((_request, camera_) => {
      camera_.destroy();
      return null;
    });
    const second = await relayTo(gone.url);
    const other = await viewer(second.relay);
    other.socket.write(`OPTIONS ${second.relay.url} RTSP/1.0\r\nCSeq: 1\r\n\r\n`);
    await until(() => second.losses.length === 1);
    expect(second.losses[0]?.kind).toBe('lost');
    const none = await relayTo('rtsp://127.0.0.1:1/x').catch((thrown: unknown) => thrown);
    expect(none instanceof LossError && none.loss.kind).toBe('unreachable');
  });
});
