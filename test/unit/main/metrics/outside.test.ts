import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { OutsideInterfaces } from '../../../../src-main/metrics/outside-interfaces.ts';
import { type OutsideFacts, outsidePages } from '../../../../src-main/metrics/outside-pages.ts';
import { OutsideServer } from '../../../../src-main/metrics/outside-server.ts';
import { readExposition } from './exposition.ts';
import { factsWith, reportWith } from './report-fixture.ts';

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

const ask = (
  port: number,
  path: string,
  options: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, agent: false, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    sent.on('error', reject).end();
  });

const box = { x1: 1, y1: 2, x2: 3, y2: 4 };
const result = {
  sourceId: 'cam-1',
  runId: 7,
  seq: 12,
  ptsMs: 480,
  wallMs: Date.UTC(2026, 0, 1),
  monoMs: 9,
  width: 640,
  height: 360,
  detections: [{ box, label: 'car', confidence: 0.9 }],
  tracks: [],
  predictions: [{ trackId: 3, label: 'car', ahead: [{ horizonMs: 250, box, sigmaX: 1, sigmaY: 1 }] }],
};
let perception = true;
let answers = true;
let facts: Partial<OutsideFacts> = {};
const pages = outsidePages({
  facts: () => factsWith(facts),
  perceptionEnabled: () => perception,
  results: () => (answers ? Promise.resolve([result]) : Promise.reject(new Error('gone'))),
});
let server: OutsideServer | null = null;
const open = async (): Promise<number> => {
  server = await OutsideServer.open(0, pages);
  return server.port;
};
afterEach(async () => {
  await server?.close();
  server = null;
  perception = true;
  answers = true;
  facts = {};
});

describe('the door', () => {
  test('lets in who means this computer, and nobody else', async () => {
    const port = await open();
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, 'localhost', `LOCALHOST:${port}`]) {
      expect((await ask(port, '/healthz', { headers: { host } })).status).toBe(200);
    }
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      `127.0.0.1.evil.example:${port}`,
      'localhost:1',
    ]) {
      const { status, body } = await ask(port, '/metrics', { headers: { host } });
      expect([status, body.includes('infer')]).toEqual([403, false]);
    }
    const foreign = { host: `127.0.0.1:${port}`, origin: 'https://evil.example' };
    expect((await ask(port, '/metrics', { headers: foreign })).status).toBe(403);
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'HEAD', 'TRACE'])(
    'answers %s with 405',
    async (method) => {
      const port = await open();
      const { status, headers } = await ask(port, '/healthz', { method });
      expect([status, headers.allow]).toEqual([405, 'GET']);
    },
  );

  test.each([
    '/',
    '/nope',
    '/../../etc/passwd',
    '/%2e%2e/etc/passwd',
    '/healthz/',
    '//healthz',
    '/api/perception',
  ])('has no page at %s', async (path) => {
    expect((await ask(await open(), path)).status).toBe(404);
  });

  test('hides nothing in caches and runs nothing', async () => {
    const { headers } = await ask(await open(), '/healthz');
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  test('turns a flood away and opens again', async () => {
    const port = await open();
    const statuses: number[] = [];
    for (let n = 0; n < 130; n++) statuses.push((await ask(port, '/healthz')).status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    await expect
      .poll(async () => (await ask(port, '/healthz')).status, { timeout: 5000, interval: 300 })
      .toBe(200);
  });

  test('survives what is no HTTP, and a path without end', async () => {
    const port = await open();
    const socket = connect(port, '127.0.0.1', () => socket.write('\x16\x03\x01garbage\r\n\r\n'));
    await new Promise((resolve) => socket.on('close', resolve).on('error', resolve).resume());
    expect((await ask(port, `/${'a'.repeat(3000)}`)).status).toBe(400);
    expect((await ask(port, '/healthz')).status).toBe(200);
  });
});

describe('the pages', () => {
  test('/healthz says that main lives, whatever a camera does', async () => {
    const port = await open();
    const page = async () => {
      const { status, body } = await ask(port, '/healthz');
      return [status, JSON.parse(body)];
    };
    expect(await page()).toEqual([200, { status: 'ok', service: 'ivis', health: 'ok' }]);
    facts = { report: reportWith({ overall: 'warn' }) };
    expect(await page()).toEqual([200, { status: 'ok', service: 'ivis', health: 'degraded' }]);
    facts = { report: reportWith({ overall: 'critical' }) };
    expect(await page()).toEqual([200, { status: 'ok', service: 'ivis', health: 'unhealthy' }]);
    facts = { silentMs: 11_000 };
    expect((await page())[0]).toBe(503);
  });

  test('/readyz says why not', async () => {
    const port = await open();
    expect(JSON.parse((await ask(port, '/readyz')).body)).toEqual({ ready: true, reasons: [] });
    const [store] = reportWith().components;
    if (store === undefined) throw new Error('no store');
    const failed = {
      ...store,
      id: 'source:cam-1',
      sourceId: 'cam-1',
      kind: 'source' as const,
      severity: 'critical' as const,
    };
    facts = { ready: { model: false, store: false }, report: reportWith({ components: [failed] }) };
    const { status, body } = await ask(port, '/readyz');
    expect(status).toBe(503);
    expect(JSON.parse(body)).toEqual({
      ready: false,
      reasons: ['source:cam-1 has failed', 'the database takes no rows', 'no model is loaded'],
    });
  });

  test('/readyz does not mind a file that is no video, nor a camera that nobody wants', async () => {
    const port = await open();
    const [store] = reportWith().components;
    if (store === undefined) throw new Error('no store');
    const failed = ['notes.mp4', 'cam-1', 'cam-2'].map((sourceId) => ({
      ...store,
      id: `source:${sourceId}`,
      sourceId,
      kind: 'source' as const,
      severity: 'critical' as const,
    }));
    const report = reportWith({ components: [store, ...failed] });
    facts = { report, expecting: (sourceId) => sourceId === 'cam-2' };
    expect(JSON.parse((await ask(port, '/readyz')).body).reasons).toEqual(['source:cam-2 has failed']);
    facts = { report, expecting: () => false };
    expect((await ask(port, '/readyz')).status).toBe(200);
  });

  test('/metrics is what Prometheus reads', async () => {
    const { status, headers, body } = await ask(await open(), '/metrics');
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(readExposition(body).get('worker_alive')?.samples).toHaveLength(1);
  });

  test('/api/perception gives the newest result of each source, or of one', async () => {
    const port = await open();
    const { body } = await ask(port, '/api/perception/detections');
    expect(JSON.parse(body)).toEqual({
      sources: [
        {
          source_id: 'cam-1',
          run_id: 7,
          frame_id: 12,
          pts_ms: 480,
          time_utc: '2026-01-01T00:00:00.000Z',
          mono_ms: 9,
          width: 640,
          height: 360,
          detections: result.detections,
        },
      ],
    });
    expect(
      JSON.parse((await ask(port, '/api/perception/tracks?source=cam-1')).body).sources[0].tracks,
    ).toEqual([]);
    expect(JSON.parse((await ask(port, '/api/perception/tracks?source=other')).body)).toEqual({
      sources: [],
    });
    answers = false;
    expect((await ask(port, '/api/perception/tracks')).status).toBe(503);
  });

  test('/api/perception is shut while publishing is off', async () => {
    const port = await open();
    perception = false;
    for (const page of ['detections', 'tracks', 'timeline/predictions']) {
      const { status, body } = await ask(port, `/api/perception/${page}`);
      expect([status, JSON.parse(body).error]).toEqual([404, expect.stringContaining('publishing is off')]);
    }
  });
});

describe('turning them on and off', () => {
  test('a port that is taken leaves them off with a word, and a free one mends it', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const troubles: string[] = [];
    const interfaces = new OutsideInterfaces(pages, (problem) => troubles.push(problem));
    await interfaces.want({ enabled: true, port });
    expect(interfaces.view).toEqual({
      enabled: true,
      url: null,
      problem: `port ${port} is used by another program`,
    });
    expect(troubles).toHaveLength(1);
    await interfaces.want({ enabled: true, port: 0 });
    expect(interfaces.view.problem).toBeNull();
    const { url } = interfaces.view;
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    await interfaces.close();
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    expect(interfaces.view).toEqual({ enabled: false, url: null, problem: null });
    await new Promise((resolve) => taken.close(resolve));
  });

  test('many changes at once end where the last one wants', async () => {
    const interfaces = new OutsideInterfaces(pages, () => {});
    void interfaces.want({ enabled: true, port: 0 });
    void interfaces.want({ enabled: false, port: 0 });
    await interfaces.want({ enabled: true, port: 0 });
    expect((await fetch(`${interfaces.view.url}/healthz`)).status).toBe(200);
    await interfaces.close();
  });
});
