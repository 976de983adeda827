import { describe, expect, it } from 'vitest';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { defaultPublishSettings, type PublishSettings } from '#shared/domain/perception.ts';
import { type CommandTarget, runCommand } from '../../../src-main/perception/commands.ts';

class Target implements CommandTarget {
  settings: PublishSettings = defaultPublishSettings;
  regions = 2;
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
});
