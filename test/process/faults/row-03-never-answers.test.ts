import net from 'node:net';
import { expect, it } from 'vitest';
import { expectHealed } from './healed.ts';
import { cameraFault, report } from './live-fixture.ts';
import { childProcesses } from './own-process.ts';

type Answer = (socket: net.Socket) => void;

/** A door whose answer can be changed while it is open. */
async function openDoor(answer: Answer) {
  const door = { answer, connections: 0, port: 0, close: () => {} };
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    door.connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    door.answer(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  door.port = typeof address === 'object' && address !== null ? address.port : 0;
  door.close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return door;
}

/** Behind the door stands a camera. */
const leadTo =
  (port: number): Answer =>
  (socket) => {
    const camera = net.connect(port, '127.0.0.1');
    camera.on('error', () => socket.destroy());
    socket.pipe(camera).pipe(socket);
  };

cameraFault('row 3: something listens and never answers', (stage) => {
  it('is given up with the reason, tried again, and LIVE as soon as it answers', async () => {
    const silent = await openDoor(() => {});
    const rig = stage.rig();
    await rig.rtsp(`rtsp://127.0.0.1:${silent.port}/cam`);
    report('silent to RETRYING', await rig.untilState('RETRYING', 15_000));
    expect(rig.status?.cause).toMatchObject({
      kind: 'camera-unreachable',
      message: expect.stringContaining('does not answer'),
    });
    await rig.until('a second connection', () => silent.connections === 2, 15_000);
    const server = await stage.camera(await stage.clip('a.h264'));
    silent.answer = leadTo(server.port);
    await expectHealed(rig, ['connecting', 'lost']);
    await rig.close();
    expect(rig.frames.length + rig.dropped).toBe(rig.ends[0]?.decoded);
    expect(childProcesses()).toEqual([server.pid]);
    silent.close();
  });

  it('is told apart from something that speaks another language, until that speaks its own', async () => {
    const web = await openDoor((socket) =>
      socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
    );
    const rig = stage.rig();
    await rig.rtsp(`rtsp://127.0.0.1:${web.port}/cam`);
    await rig.untilState('RETRYING', 15_000);
    expect(rig.status?.cause?.kind).toBe('camera-refused');
    const server = await stage.camera(await stage.clip('a.h264'));
    web.answer = leadTo(server.port);
    await expectHealed(rig, ['connecting', 'refused']);
    web.close();
  });
});
