import { describe, expect, test } from 'vitest';
import { errorKindSchema } from '#shared/domain/error-kind.ts';
import { toFault } from '#shared/domain/fault-text.ts';
import { processStateSchema } from '#shared/domain/process-state.ts';
import { assess, overallOf } from '../../../../src-main/health/assess.ts';
import type { Finding } from '../../../../src-main/health/facts.ts';
import { factsWith, found, progressOf, START_MS, sourceWith, workerWith } from './facts-fixture.ts';

describe('the parts of ivis', () => {
  test('are well when all goes on as it should, and nothing is to be done', () => {
    const findings = assess(factsWith());
    expect(findings.filter(({ severity }) => severity !== 'ok')).toEqual([]);
    expect(findings.filter(({ whatToDo }) => whatToDo !== '')).toEqual([]);
    expect(overallOf(findings)).toBe('ok');
    expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length);
    expect(new Set(findings.map(({ kind }) => kind))).toEqual(
      new Set(['main', 'worker', 'model', 'store', 'source', 'queue', 'interfaces', 'cpu', 'memory', 'disk']),
    );
  });

  test.each(processStateSchema.options)(
    'a worker that is %s is judged, and what is ill has a cure',
    (state) => {
      const { severity, cause, whatToDo } = found(
        { workers: [workerWith({ state, restarts: 2, lastError: 'killed' })] },
        'worker:detection',
      );
      expect(cause).not.toBe('');
      expect(whatToDo !== '').toBe(severity !== 'ok' && severity !== 'info');
      expect(severity).toBe(
        {
          starting: 'warn',
          running: 'ok',
          unresponsive: 'warn',
          draining: 'ok',
          'backing-off': 'warn',
          failed: 'critical',
          stopped: 'ok',
        }[state],
      );
    },
  );

  test('the process of one source that ended is no crash loop: its source begins another', () => {
    const workers = [
      workerWith({ name: 'capture', sourceId: 'cam-1', state: 'failed', lastError: 'killed' }),
    ];
    expect(found({ workers }, 'worker:capture:cam-1')).toMatchObject({
      severity: 'warn',
      cause: 'ended: killed',
    });
  });

  test('a worker that has not been heard of is not called well: nobody knows', () => {
    const silent = workerWith({ lastBeatMs: START_MS - 4000 });
    expect(found({ workers: [silent] }, 'worker:detection')).toMatchObject({ severity: 'stale' });
    expect(
      found({ workers: [workerWith({ lastBeatMs: START_MS - 3000 })] }, 'worker:detection').severity,
    ).toBe('ok');
  });

  test.each(errorKindSchema.options)('a database that fails with %s says so in plain words', (kind) => {
    const finding = found({ store: { state: 'ready', error: { kind, message: 'x' } } }, 'store');
    expect(finding).toMatchObject({ severity: 'critical', vital: true, cause: toFault(kind, '').title });
    expect(finding.whatToDo).not.toBe('');
  });

  test('a database that is being opened is no fault, and is not said to take rows', () => {
    const opening = found({ store: { state: 'loading', error: null } }, 'store');
    expect(opening).toMatchObject({ severity: 'info', cause: expect.stringContaining('takes no rows yet') });
  });

  test.each(processStateSchema.options)('a database whose process is %s', (state) => {
    // What the process last said of itself holds no more when it is down, whatever that was.
    for (const service of ['loading', 'ready'] as const) {
      const workers = [workerWith({ name: 'store', state })];
      const finding = found({ workers, store: { state: service, error: null } }, 'store');
      const down = ['unresponsive', 'backing-off', 'failed'].includes(state);
      expect(finding.severity).toBe(down ? 'critical' : service === 'ready' ? 'ok' : 'info');
      expect(finding.cause === 'takes rows').toBe(!down && service === 'ready');
      expect(finding.whatToDo !== '').toBe(down);
    }
  });

  test('a model that is loading is no fault, one that failed is', () => {
    expect(
      found({ model: { state: 'loading', error: null, words: '', fallbacks: [] } }, 'model').severity,
    ).toBe('info');
    const error = { kind: 'model-corrupt', message: 'sha' } as const;
    expect(found({ model: { state: 'failed', error, words: '', fallbacks: [] } }, 'model').severity).toBe(
      'critical',
    );
  });

  test('a model that took the place of another says so, and what to do', () => {
    const fallback = { kind: 'model-set-aside', cause: 'other ended it', whatToDo: 'Install it' } as const;
    const model = { state: 'ready', error: null, words: 'yolo11n on cpu', fallbacks: [fallback] } as const;
    expect(found({ model }, 'model')).toMatchObject({
      severity: 'warn',
      cause: 'other ended it',
      whatToDo: 'Install it',
    });
  });

  test('main that stood still says so', () => {
    expect(found({ mainLateMs: 3200 }, 'main')).toMatchObject({
      severity: 'warn',
      cause: expect.stringContaining('3.2 s'),
    });
  });

  test('rows that pile up before the database are a warning and no loss', () => {
    const stages = progressOf(10).stages;
    if (stages === undefined) throw new Error('no stages');
    const progress = progressOf(10, { stages: { ...stages, waiting: { frames: 4, batches: 9 } } });
    const finding = found({ sources: [sourceWith({ progress, live: false })] }, 'queue:rows');
    expect(finding).toMatchObject({ severity: 'warn', cause: '9 batches' });
    expect(finding.whatToDo).toMatch(/Nothing is lost: the video waits/);
    const live = found({ sources: [sourceWith({ progress, live: true })] }, 'queue:rows');
    expect(live.whatToDo).toMatch(/Nothing is lost yet.*counting pauses/);
    // A camera that is well beside a file whose rows wait changes nothing for the file.
    const beside = found(
      { sources: [sourceWith({ progress, live: false }), sourceWith({ live: true, sourceId: 'other' })] },
      'queue:rows',
    );
    expect(beside.whatToDo).toMatch(/the video waits/);
  });

  test('a camera that is not looked at for want of the database says so, whatever it sends', () => {
    const fault = toFault('store-away', 'SQLITE_FULL');
    const finding = found({ sources: [sourceWith({ live: true, state: 'LIVE', fault })] }, 'source:cam-1');
    expect(finding).toMatchObject({ severity: 'warn' });
    expect(finding.cause).toMatch(/Counting is paused/);
    expect(finding.whatToDo).toMatch(/not counted.*noted as a gap/);
  });

  test('messages that were refused are a note, with who got them', () => {
    const of = (rejected: ReadonlyMap<string, number>) =>
      assess(factsWith({ rejected })).find(({ id }) => id === 'messages');
    expect(of(new Map())).toMatchObject({ severity: 'ok', cause: 'none was refused' });
    const some = new Map([
      ['capture', 3],
      ['main', 1],
    ]);
    expect(of(some)).toMatchObject({
      severity: 'info',
      cause: '4 refused since ivis began: capture 3, main 1; the log says which',
    });
  });

  test('a list of sources that could not be read is told, and where it is kept', () => {
    const told = (lost: boolean) =>
      found({ unreadable: [{ name: 'sources.json', lost }] }, 'file:sources.json');
    expect(told(false)).toMatchObject({ severity: 'warn', title: 'List of sources' });
    expect(told(true)).toMatchObject({ severity: 'critical' });
    for (const lost of [true, false]) expect(told(lost).whatToDo).toContain('sources.json.unreadable');
  });

  test('a broken settings file and a taken port are named', () => {
    const settingsProblem = {
      message: 'expected number',
      line: 4,
      column: 1,
      field: 'limits.cpuPercent.warn',
    };
    expect(found({ settingsProblem }, 'settings').cause).toBe(
      'line 4, limits.cpuPercent.warn: expected number',
    );
    expect(found({ interfacesProblem: 'port 9464 is used by another program' }, 'interfaces').severity).toBe(
      'warn',
    );
  });
});

describe('a source', () => {
  const source = (change: object): Finding => found({ sources: [sourceWith(change)] }, 'source:cam-1');

  test.each(['READY', 'ENDED', 'STOPPED', 'PAUSED', 'DISABLED', 'INCOMPLETE'])(
    'at rest (%s) is well',
    (state) => {
      expect(
        source({ state, expecting: false, lastProcessedMs: null, expectingSinceMs: null }).severity,
      ).toBe('ok');
    },
  );

  test('that gives no frame for more than ten seconds is not well, whatever its state says', () => {
    expect(source({ lastProcessedMs: START_MS - 9000 }).severity).toBe('ok');
    expect(source({ lastProcessedMs: START_MS - 11_000 })).toMatchObject({
      severity: 'warn',
      cause: 'no frame was analysed for 11 s',
    });
    expect(
      source({ lastProcessedMs: null, expectingSinceMs: START_MS - 60_000, progress: null }).severity,
    ).toBe('warn');
  });

  test('that is looked at too rarely for what moves there says so, and how often would do', () => {
    const motion = { stepShare: 0.7, neededFps: 3.5, tracks: 12, tooRare: true };
    const finding = source({ progress: progressOf(10, { fps: 2, motion }) });
    expect(finding).toMatchObject({
      severity: 'warn',
      cause: 'looked at too rarely to count all: at least 3.5 frames/s are needed',
    });
    expect(finding.whatToDo).not.toBe('');
    const plenty = { ...motion, stepShare: 0.2, tooRare: false };
    expect(source({ progress: progressOf(10, { fps: 2, motion: plenty }) }).cause).toBe('2.0 frames/s');
  });

  test('with a fault says what happened and what to do; one that needs a person is critical', () => {
    const fault = toFault('file-not-found', '');
    expect(source({ state: 'FAULTED', expecting: false, fault })).toMatchObject({
      severity: 'critical',
      cause: fault.title,
      whatToDo: fault.whatToDo,
    });
    expect(source({ state: 'RETRYING', fault: toFault('worker-crashed', '') }).severity).toBe('warn');
  });
});

describe('the whole', () => {
  const part = (severity: Finding['severity'], vital: boolean) => ({ severity, vital });

  test('is as ill as its worst part, but one camera does not make a system ill', () => {
    expect(overallOf([])).toBe('ok');
    expect(overallOf([part('ok', true), part('critical', false)])).toBe('warn');
    expect(overallOf([part('critical', true), part('ok', false)])).toBe('critical');
    expect(overallOf([part('stale', true), part('info', true)])).toBe('stale');
    expect(overallOf([part('stale', false), part('warn', false)])).toBe('warn');
    const alarm = (sourceId: string | null) => ({ severity: 'critical' as const, sourceId });
    expect(overallOf([part('warn', true)], [alarm('cam-1')])).toBe('warn');
    expect(overallOf([part('warn', true)], [alarm(null)])).toBe('critical');
  });
});
