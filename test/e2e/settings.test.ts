import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { IpcClient } from '#native';
import { IvisWindow } from '../drivers/ivis-window.ts';
import { attributeOf, OtlpCollector } from '../drivers/otlp-collector.ts';
import { movingPhotograph, type PhotographClip } from '../fixtures/photograph.ts';

const folder = mkdtempSync(join(tmpdir(), 'ivis-e2e-settings-'));
let clip: PhotographClip;
let window: IvisWindow | null = null;
beforeAll(async () => {
  clip = await movingPhotograph(join(folder, 'car to and fro.mp4'), { cycles: 4 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  await window?.close();
  window = null;
});

const open = async (words: readonly string[] = []): Promise<IvisWindow> => {
  window = await IvisWindow.open(words);
  await window.page.getByText('Model ready').waitFor({ timeout: 60_000 });
  return window;
};
const settingsOf = (w: IvisWindow): string => join(w.dataFolder, 'settings.yaml');

interface AuditRow {
  actor: string;
  subject: string;
  detail_json: string;
}
function auditOf(w: IvisWindow): [by: string, field: string, before: unknown, after: unknown][] {
  const db = new Database(join(w.dataFolder, 'ivis.db'), { readonly: true });
  const rows = db
    .prepare<[], AuditRow>(
      "SELECT actor, subject, detail_json FROM audit WHERE action = 'setting.changed' ORDER BY audit_id",
    )
    .all();
  db.close();
  expect(rows.every(({ actor }) => actor !== '')).toBe(true);
  return rows.map(({ subject, detail_json }) => {
    const { by, before, after } = JSON.parse(detail_json);
    return [by, subject, before, after];
  });
}

describe('settings of a running ivis', () => {
  it('are changed by the window, by hand and by another program, hold at once, and are all in the audit', async () => {
    const home = join(folder, 'ipc');
    const w = await open([`--publish=${home}`]);
    await w.page.getByTestId('page-log').click();
    await w.page.getByTestId('log-level').selectOption('debug');
    await expect
      .poll(() => auditOf(w), { timeout: 15_000 })
      .toContainEqual(['window', 'logging.level', 'info', 'debug']);

    const client = new IpcClient({ folder: home });
    await expect
      .poll(async () => (await client.send_command('HELLO')).status, { timeout: 15_000 })
      .toBe('success');
    const settings = { 'limits.memoryPercent.warn': 1, 'interfaces.enabled': true, 'interfaces.port': 0 };
    expect(await client.send_command('CONFIG_UPDATE', { timeline_hz: 5, settings })).toMatchObject({
      status: 'success',
      message: 'applied',
    });
    expect(
      await client.send_command('CONFIG_UPDATE', { settings: { 'limits.memoryPercent.warn': 'low' } }),
    ).toMatchObject({ status: 'error', message: expect.stringMatching(/limits\.memoryPercent\.warn: /) });
    await w.page.getByTestId('page-health').click();
    await expect
      .poll(() => w.page.getByTestId('component-memory').getAttribute('data-severity'), { timeout: 10_000 })
      .toBe('warn');
    await w.page.getByTestId('interface-urls').waitFor({ timeout: 10_000 });
    const text = readFileSync(settingsOf(w), 'utf8');
    writeFileSync(
      settingsOf(w),
      text.replace(/memoryPercent: \{[^}]*\}/, 'memoryPercent: { warn: 99, critical: 100 }'),
    );
    await expect
      .poll(
        () =>
          auditOf(w)
            .filter(([by]) => by === 'file')
            .map(([, field]) => field),
        { timeout: 15_000 },
      )
      .toContain('limits.memoryPercent.warn');
    expect(auditOf(w)).toEqual(
      expect.arrayContaining([
        ['program', 'perception.timelineHz', 1, 5],
        ['program', 'limits.memoryPercent.warn', 85, 1],
        ['program', 'interfaces.enabled', false, true],
        ['file', 'limits.memoryPercent.warn', 1, 99],
      ]),
    );
    client.close();
    expect(w.complaints).toEqual([]);
  });

  it('trace frames while an analysis runs, and stop when the address is taken away', async () => {
    const collector = await OtlpCollector.open();
    const w = await open(['--open', clip.path]);
    await w.page.getByTestId('page-health').click();
    writeFileSync(settingsOf(w), `tracing: { endpoint: "${collector.endpoint}", sampleEvery: 5 }\n`);
    await w.page.getByTestId('component-tracing').waitFor({ timeout: 15_000 });
    await expect.poll(() => collector.traces.length, { timeout: 30_000 }).toBeGreaterThan(2);
    expect(collector.problems).toEqual([]);
    const sources = new Set(collector.spans.map((span) => attributeOf(span, 'ivis.source.id')));
    expect(sources.size).toBe(1);
    writeFileSync(settingsOf(w), 'tracing: { endpoint: null }\n');
    await expect.poll(() => w.page.getByTestId('component-tracing').count(), { timeout: 15_000 }).toBe(0);
    await collector.close();
    expect(w.complaints).toEqual([]);
  });
});
