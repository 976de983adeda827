import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterEach, expect, it } from 'vitest';
import { RoutedNetwork, routedNetworkMissing } from '../../drivers/routed-network.ts';
import { expectHealed } from './healed.ts';
import { cameraFault, report } from './live-fixture.ts';

/** From the last picture to STALLED, both by the program's own clock. */
const SHOWN_WITHIN_MS = 5000;

const missing = routedNetworkMissing();
const word = missing === null ? '' : ` (skipped: ${missing})`;
const networks: RoutedNetwork[] = [];
// After the camera in it is gone.
afterEach(() => {
  for (const network of networks.splice(0)) network.close();
});

cameraFault('row 2: the cable between a router and the camera is cut', (stage) => {
  for (const transport of ['tcp', 'udp'] as const) {
    it.skipIf(missing !== null)(
      `${transport}: STALLED within five seconds, no way leads there, LIVE again when it is mended${word}`,
      async () => {
        const network = RoutedNetwork.open();
        networks.push(network);
        const clip = await stage.clip('a.h264');
        const server = await stage.server({
          mounts: [{ path: '/cam', file: clip.path, fps: clip.fps }],
          within: { namespace: network.camera, address: network.address },
        });
        const rig = stage.rig();
        await rig.rtsp(server.url('/cam'), null, transport);
        await rig.untilState('LIVE');
        await rig.untilFrames(30);
        // The program runs in this process: how long the machine kept it from running is no delay of its own.
        const held = monitorEventLoopDelay({ resolution: 10 });
        held.enable();
        network.cut();
        await rig.untilState('STALLED', 12_000);
        held.disable();
        const lastWallMs = rig.frames.at(-1)?.wallMs ?? 0;
        const tookMs = (rig.states.at(-1)?.status.sinceWallMs ?? 0) - lastWallMs;
        report(`${transport}: last picture to STALLED`, tookMs);
        expect(tookMs - held.max / 1e6).toBeLessThan(SHOWN_WITHIN_MS);
        expect(rig.gaps.at(-1)).toMatchObject({ cause: 'stalled', toWallMs: null });
        expect((rig.gaps.at(-1)?.fromWallMs ?? 0) - lastWallMs).toBeLessThan(1000);
        await rig.until('a try in vain', () => rig.status?.cause?.kind === 'camera-unreachable', 25_000);

        network.mend();
        await expectHealed(rig, ['connecting', 'stalled', 'lost'], 40_000);
        expect(rig.tornReads).toEqual([]);
        await rig.close();
        expect(rig.frames.length + rig.dropped).toBe(rig.ends[0]?.decoded);
      },
    );
  }
});
