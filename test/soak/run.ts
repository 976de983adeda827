// `npm run soak -- [--minutes N] [--files F] [--keep FILE]`: the window with looping files and a camera that is cut now and then.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { ledgerSchema } from '#shared/domain/drop-reason.ts';
import { SECRET } from '../chaos/secret.ts';
import { Display } from '../drivers/display.ts';
import {
  brokenInDatabase,
  brokenLeftOvers,
  brokenSecrecy,
  type Held,
  heldBy,
} from '../drivers/invariants.ts';
import { IvisWindow } from '../drivers/ivis-window.ts';
import { familyOf } from '../drivers/process-tree.ts';
import { cameraClip } from '../drivers/rtsp-clips.ts';
import { RtspServer, rtspMissing, type ServerOrder } from '../drivers/rtsp-server.ts';
import { tellingsOf } from '../drivers/tellings.ts';
import { temporaryFolder } from '../fixtures/ffmpeg.ts';
import { movingPhotograph } from '../fixtures/photograph.ts';
import { floorsByKind, floorsTogether, type MemorySample } from './floors.ts';
import { ownBytesByKind } from './memory-by-kind.ts';
import { type Sample, slopeOf, stretchesOf } from './slope.ts';
import { writeSources } from './sources.ts';

const EVERY_MS = 5000;
const CUT_EVERY_MS = 60_000;
const CUT_MS = 10_000;
/**
 * Each so many samples main and the page collect what they do not use, and only those of them are judged: left alone V8
 * collects the old part of a heap every few minutes, and the teeth of that saw look like growth. The other processes
 * cannot be asked to: of them the lowest of each stretch counts.
 */
const COLLECT_EACH = 6;
/** Caches and pools fill first; what they take is no leak. */
const WARM_UP = 0.3;
/** So many stretches of the settled time are compared; each as long as a heap takes to be collected. */
const STRETCHES = 8;
const MEGABYTE = 2 ** 20;
const LOGIN = 'IVIS_TEST_LOGIN';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    files: { type: 'string', default: '2' },
    /** Where all samples go, as JSON. */
    keep: { type: 'string' },
  },
});
const lengthMs = Number(values.minutes) * 60_000;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const { folder, remove } = temporaryFolder('soak');
const display = await Display.open();
const clip = await movingPhotograph(join(folder, 'car.mp4'));
const missing = rtspMissing();
if (missing !== null) console.log(`no camera: ${missing}`);
const camera = missing === null ? await cameraClip(join(folder, 'camera.h264')) : null;
const order = (port: number): ServerOrder => ({
  port,
  mounts: camera === null ? [] : [{ path: '/cam', file: camera.path, fps: camera.fps }],
  ...SECRET,
});
let server = camera === null ? null : await RtspServer.start(order(0));
const dataFolder = mkdtempSync(join(tmpdir(), 'ivis-soak-'));
writeSources(dataFolder, clip, Number(values.files), server === null ? [] : [server.url('/cam')], LOGIN);
const env = { [LOGIN]: `${SECRET.user}:${SECRET.password}` };
const window = await IvisWindow.open([], undefined, dataFolder, { env });
await window.page.getByText('Model ready').waitFor({ timeout: 120_000 });
for (let n = 1; n <= Number(values.files); n++) {
  await window.page.getByText(`file-${n}`, { exact: true }).first().click();
  await window.page.getByTestId('start-button').click();
}
const mainPid = window.app.process().pid ?? -1;

type SoakSample = Held & MemorySample;
const samples: SoakSample[] = [];
const beganMs = performance.now();
let cutMs = beganMs;
let cuts = 0;
while (performance.now() - beganMs < lengthMs) {
  await sleep(EVERY_MS);
  const collected = samples.length % COLLECT_EACH === 0;
  const held = collected ? await window.collect() : null;
  const spare = { main: held?.main.spareBytes ?? 0, renderer: held?.page.spareBytes ?? 0 };
  const own = ownBytesByKind(mainPid, spare);
  samples.push({ atMs: performance.now() - beganMs, collected, own, ...heldBy(mainPid) });
  if (server === null || performance.now() - cutMs < CUT_EVERY_MS) continue;
  cutMs = performance.now();
  cuts += 1;
  const { port } = server;
  await server.kill();
  await sleep(CUT_MS);
  server = await RtspServer.start(order(port));
}
await window.page.getByTestId('page-health').click();
const table = await window.page.getByTestId('process-table').innerText();
const tellings = await tellingsOf(window);
const family = familyOf(mainPid);
const told = brokenSecrecy(SECRET.password, [dataFolder], family, tellings);
await window.quit();
await server?.kill();
display.close();
await sleep(1000);

const databasePath = join(dataFolder, 'ivis.db');
const broken = [
  ...told,
  ...brokenSecrecy(SECRET.password, [dataFolder]),
  ...brokenLeftOvers(mainPid, family),
  ...brokenInDatabase(databasePath),
];
if (values.keep !== undefined)
  writeFileSync(
    values.keep,
    JSON.stringify(samples.map(({ own, ...held }) => ({ ...held, own: Object.fromEntries(own) }))),
  );
const settled = samples.slice(Math.floor(samples.length * WARM_UP));
const grown: string[] = [];
const line = (name: string, unit: string, stretches: readonly Sample[], judged = true): void => {
  const slope = slopeOf(stretches);
  const [first, last] = [stretches[0], stretches.at(-1)];
  if (slope === null || first === undefined || last === undefined) return;
  const { perHour, noisePerHour } = slope;
  const grows = perHour > noisePerHour;
  if (grows && judged) grown.push(name);
  const word = grows ? 'GROWS' : 'no growth beyond noise';
  console.log(
    `${name.padEnd(16)} ${first.value.toFixed(0)} -> ${last.value.toFixed(0)} ${unit}, ${perHour.toFixed(1)} +- ${noisePerHour.toFixed(1)} ${unit}/h, ${word}`,
  );
};
const inMegabytes = (stretches: readonly Sample[]): Sample[] =>
  stretches.map(({ atMs, value }) => ({ atMs, value: value / MEGABYTE }));
const meansOf = (of: (held: SoakSample) => number): Sample[] =>
  stretchesOf(
    settled.map((held) => ({ atMs: held.atMs, value: of(held) })),
    STRETCHES,
  );
console.log(
  `${(lengthMs / 60_000).toFixed(1)} min, ${values.files} looping files, ${cuts} cuts of the camera`,
);
const floors = floorsByKind(settled, STRETCHES);
line('memory', 'MB', inMegabytes(floorsTogether(floors)));
for (const [kind, stretches] of floors) line(`  ${kind}`, 'MB', inMegabytes(stretches), false);
// With the program's files and what is shared, counted once for each process.
line('resident', 'MB', inMegabytes(meansOf(({ rssBytes }) => rssBytes)), false);
line(
  'descriptors',
  '',
  meansOf(({ descriptors }) => descriptors),
);
line(
  'processes',
  '',
  meansOf(({ processes }) => processes),
);
line(
  'rings',
  '',
  meansOf(({ rings }) => rings),
);
console.log(`processes with their restarts:\n${table}`);
const db = new Database(databasePath, { readonly: true });
const runs = z
  .array(z.object({ source_id: z.string(), status: z.string(), ledger_json: z.string().nullable() }))
  .parse(db.prepare('SELECT source_id, status, ledger_json FROM run').all());
const gaps = z
  .array(z.object({ cause: z.string(), n: z.number() }))
  .parse(db.prepare('SELECT cause, count(*) AS n FROM gap GROUP BY cause').all());
db.close();
for (const run of runs) {
  const ledger = run.ledger_json === null ? null : ledgerSchema.parse(JSON.parse(run.ledger_json));
  console.log(
    `${run.source_id} ${run.status}: decoded ${ledger?.decoded}, processed ${ledger?.processed}, dropped ${JSON.stringify(ledger?.dropped)}`,
  );
}
console.log(`gaps: ${gaps.map(({ cause, n }) => `${cause} ${n}`).join(', ') || 'none'}`);
console.log(broken.length === 0 ? 'every invariant holds' : broken.join('\n'));
remove();
if (grown.length > 0) console.log(`growing: ${grown.join(', ')}`);
process.exit(broken.length === 0 && grown.length === 0 ? 0 : 1);
