import net from 'node:net';
import { expect, it } from 'vitest';
import { fault, report } from './live-fixture.ts';
import { childProcesses } from './live-rig.ts';

async function listen(answer: (socket: net.Socket) => void): Promise<{ port: number; close: () => void }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    answer(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

fault('row 3: something listens and never answers', (stage) => {
  it('is given up with the reason, and tried again', async () => {
    let connections = 0;
    const silent = await listen(() => {
      connections += 1;
    });
    const rig = stage.rig();
    await rig.rtsp(`rtsp://127.0.0.1:${silent.port}/cam`);
    report('silent to RETRYING', await rig.untilState('RETRYING', 15_000));
    expect(rig.status?.cause).toMatchObject({
      kind: 'camera-unreachable',
      message: expect.stringContaining('does not answer'),
    });
    await rig.until('a second connection', () => connections === 2, 15_000);
    await rig.close();
    expect(childProcesses()).toEqual([]);
    silent.close();
  });

  it('is told apart from something that speaks another language', async () => {
    const web = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'));
    const rig = stage.rig();
    await rig.rtsp(`rtsp://127.0.0.1:${web.port}/cam`);
    await rig.untilState('RETRYING', 15_000);
    expect(rig.status?.cause?.kind).toBe('camera-refused');
    web.close();
  });
});
