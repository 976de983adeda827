import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { defaultPublishSettings, type PublishSettings } from '#shared/domain/perception.ts';
import { publishSettingsOf } from '#shared/domain/settings.ts';
import { type CommandTarget, runCommand } from '../../../src-main/perception/commands.ts';
import { SettingsFile, type WantedSetting } from '../../../src-main/settings/settings-file.ts';

class Target implements CommandTarget {
  settings: PublishSettings = defaultPublishSettings;
  regions = 2;
  readonly change: CommandTarget['change'] = null;
  readonly refreshed: (string | null)[] = [];
  async configure(settings: PublishSettings): Promise<void> {
    this.settings = settings;
  }
  async refresh(sourceId: string | null): Promise<number> {
    this.refreshed.push(sourceId);
    return this.regions;
  }
}

async function errorOf(work: Promise<unknown>): Promise<[kind: string, message: string]> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof NamedError) return [thrown.kind, thrown.message];
  }
  return ['none', ''];
}

describe('commands of other programs', () => {
  it('say what there is when greeted', async () => {
    const { data } = await runCommand('HELLO', {}, new Target());
    expect(data).toEqual({
      product: 'ivis',
      protocol_version: 1,
      layout_version: 1,
      commands: ['HELLO', 'CONFIG_UPDATE', 'REFRESH_TIMELINES'],
    });
  });

  it('change what they name and leave the rest', async () => {
    const target = new Target();
    await runCommand('CONFIG_UPDATE', { timeline_hz: 4 }, target);
    expect(target.settings).toEqual({ ...defaultPublishSettings, timelinesEveryMs: 250 });
    const { data } = await runCommand('CONFIG_UPDATE', { detection_hz: 10, horizons_ms: [100, 900] }, target);
    expect(data).toEqual({ frames_every_ms: 100, timelines_every_ms: 250, horizons_ms: [100, 900] });
    await runCommand('CONFIG_UPDATE', { detection_hz: 0 }, target);
    expect(target.settings.framesEveryMs).toBe(0);
  });

  it('are refused with the field that is wrong, and nothing is changed', async () => {
    const cases: [type: string, data: Record<string, unknown>, kind: string, words: RegExp][] = [
      ['CONFIG_UPDATE', { detection_hz: -1 }, 'bad-argument', /detection_hz/],
      ['CONFIG_UPDATE', { timeline_hz: 'often' }, 'bad-argument', /timeline_hz/],
      ['CONFIG_UPDATE', { horizons_ms: [1, 2, 3, 4, 5, 6] }, 'bad-argument', /horizons_ms/],
      ['CONFIG_UPDATE', { horizons_ms: [500, 250] }, 'bad-argument', /rise/],
      ['CONFIG_UPDATE', { horizons_ms: [] }, 'bad-argument', /horizons_ms/],
      ['CONFIG_UPDATE', { settings: { 'logging.level': 'debug' } }, 'bad-argument', /settings/],
      ['CONFIG_UPDATE', { brightness: 3 }, 'bad-argument', /brightness/],
      ['REFRESH_TIMELINES', { source_id: 7 }, 'bad-argument', /source_id/],
      ['SYNC_SWARM', {}, 'unknown-request', /HELLO, CONFIG_UPDATE/],
      ['toString', {}, 'unknown-request', /there is no toString/],
    ];
    for (const [type, data, kind, words] of cases) {
      const target = new Target();
      const [gotKind, message] = await errorOf(runCommand(type, data, target));
      expect([type, data, gotKind]).toEqual([type, data, kind]);
      expect(message).toMatch(words);
      expect(target.settings).toBe(defaultPublishSettings);
    }
  });

  it('ask for predictions of one source or all, and say when there is none', async () => {
    const target = new Target();
    expect(await runCommand('REFRESH_TIMELINES', {}, target)).toEqual({
      message: 'predicted anew in 2 regions',
    });
    target.regions = 1;
    await runCommand('REFRESH_TIMELINES', { source_id: 'yard' }, target);
    expect(target.refreshed).toEqual([null, 'yard']);
    target.regions = 0;
    expect(await errorOf(runCommand('REFRESH_TIMELINES', {}, target))).toEqual([
      'not-ready',
      'no source has tracks to predict from',
    ]);
  });

  describe('of an ivis with settings', () => {
    let folder = '';
    let file: SettingsFile;
    let target: Target & { change: NonNullable<CommandTarget['change']> };
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'ivis-commands-'));
      file = new SettingsFile(join(folder, 'settings.yaml'));
      target = Object.assign(new Target(), {
        change: async (changes: readonly WantedSetting[]) => {
          file.change(changes, 'program');
          await target.configure(publishSettingsOf(file.current.perception));
        },
      });
    });
    afterEach(() => {
      file.close();
      rmSync(folder, { recursive: true, force: true });
    });
    const update = (data: Record<string, unknown>) => runCommand('CONFIG_UPDATE', data, target);

    it('change everything that can be changed while it runs, and keep it', async () => {
      const settings = {
        'limits.diskPercent.critical': 97,
        'limits.diskPercent.warn': 93,
        'logging.level': 'debug',
        'interfaces.enabled': true,
        'interfaces.port': 0,
        'tracing.endpoint': 'http://127.0.0.1:4318/v1/traces',
        'tracing.sampleEvery': 7,
      };
      const { message, data } = await update({ detection_hz: 10, horizons_ms: [100, 900], settings });
      expect(message).toBe('applied');
      expect(data).toEqual({
        frames_every_ms: 100,
        timelines_every_ms: 1000,
        horizons_ms: [100, 900],
        settings: Object.keys(settings),
      });
      const { limits, logging, interfaces, tracing, perception } = file.current;
      expect(limits.diskPercent).toEqual({ warn: 93, critical: 97 });
      expect(logging.level).toBe('debug');
      expect(interfaces).toEqual({ enabled: true, port: 0 });
      expect(tracing).toEqual({ endpoint: 'http://127.0.0.1:4318/v1/traces', sampleEvery: 7 });
      expect(perception).toMatchObject({ detectionHz: 10, horizonsMs: [100, 900] });
      const again = new SettingsFile(join(folder, 'settings.yaml'));
      expect(again.current).toEqual(file.current);
      again.close();
    });

    it('are refused with path and reason, all together, and nothing is changed', async () => {
      const cases: [settings: unknown, words: RegExp][] = [
        [{ 'limits.diskPercent.warn': 95 }, /limits\.diskPercent: "warn" has to be below "critical"/],
        [
          { 'logging.level': 'debug', 'limits.cpuPercent.warn': 'high' },
          /limits\.cpuPercent\.warn: .*number/,
        ],
        [{ 'logging.level': 'loud' }, /logging\.level: /],
        [{ 'logging.levle': 'debug' }, /logging\.levle: there is no such setting/],
        [{ 'logging.level.x': 'debug' }, /logging\.level\.x: there is no such setting/],
        [{ 'no such': 1 }, /no such: there is no such setting/],
        [{ __proto__: null, 'constructor.prototype': true }, /constructor/],
        [{ 'video.ffmpegPath': '/tmp/evil' }, /video\.ffmpegPath: can be changed in the settings file only/],
        [{ video: null }, /video: can be changed in the settings file only/],
        [{ 'tracing.endpoint': 'ftp://here/x' }, /tracing\.endpoint: .*http/],
        [{ 'tracing.endpoint': 'http://me:secret@here/x' }, /tracing\.endpoint: must not hold/],
        [{ 'tracing.sampleEvery': 0 }, /tracing\.sampleEvery: /],
        [{ 'interfaces.port': 80 }, /interfaces\.port: /],
        [{ 'perception.horizonsMs': [500, 250] }, /perception\.horizonsMs: horizons must rise/],
        [['logging.level'], /settings: /],
      ];
      const before = readFileSync(join(folder, 'settings.yaml'), 'utf8');
      for (const [settings, words] of cases) {
        const [kind, message] = await errorOf(update({ detection_hz: 5, settings }));
        expect([settings, kind]).toEqual([settings, 'bad-argument']);
        expect(message).toMatch(words);
        expect(message).not.toContain('secret');
      }
      expect(readFileSync(join(folder, 'settings.yaml'), 'utf8')).toBe(before);
      expect(target.settings).toBe(defaultPublishSettings);
    });
  });
});
