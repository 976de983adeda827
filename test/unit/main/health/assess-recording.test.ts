import { describe, expect, test } from 'vitest';
import { defaultRecording, type RecorderStatus, type RecordingDiskView } from '#shared/domain/recording.ts';
import { assess } from '../../../../src-main/health/assess.ts';
import { factsWith } from './facts-fixture.ts';

const status = (state: RecorderStatus['state']): RecorderStatus => ({
  state,
  message: state.startsWith('disk') ? 'ENOSPC' : '',
  bytes: 0,
  holes: 0,
});

const found = (
  disk: Partial<RecordingDiskView>,
  state: RecorderStatus['state'] = 'recording',
  record = true,
) => {
  const { recording } = factsWith();
  const sources = { 'cam-1': { settings: { ...defaultRecording, record }, status: status(state) } };
  const facts = factsWith({ recording: { ...recording, disk: { ...recording.disk, ...disk }, sources } });
  return assess(facts).filter(({ kind }) => kind === 'recording');
};

describe('the recordings', () => {
  test('are not spoken of while nothing is recorded nor to be', () => {
    expect(found({ level: 'act', usedShare: 0.95 }, 'off', false)).toEqual([]);
  });

  test('are well while there is room', () => {
    expect(found({ level: 'ok', usedShare: 0.4, recordedBytes: 12e9 })).toEqual([
      expect.objectContaining({ id: 'recording', severity: 'ok', whatToDo: '' }),
    ]);
  });

  test('warn from the first share on, and say at which one is deleted', () => {
    const shares = { warnShare: 0.7, actShare: 0.85 };
    const [disk] = found({ level: 'warn', usedShare: 0.72, shares });
    expect(disk?.severity).toBe('warn');
    expect(disk?.cause).toMatch(/72 % full, at 85 % the oldest/);
    expect(disk?.whatToDo).toMatch(/Protect what must not go/);
  });

  test('say that the oldest are being deleted from the second share on, and how many went', () => {
    const [disk] = found({ level: 'act', usedShare: 0.91, deleted: 7 });
    expect(disk?.severity).toBe('warn');
    expect(disk?.cause).toMatch(
      /disk filling: 91 % full, the oldest recordings are being deleted; 7 deleted/,
    );
    expect(disk?.whatToDo).not.toBe('');
  });

  test('are critical when nothing more can be deleted or the folder cannot be used', () => {
    const problem = 'nothing more can be deleted: 3 MB are missing.';
    expect(found({ level: 'act', usedShare: 0.95, problem })[0]).toMatchObject({
      severity: 'critical',
      cause: problem,
    });
  });

  test.each(['disk-full', 'disk-failed', 'disk-slow'] as const)(
    'of a source are critical while they are not written: %s',
    (state) => {
      const own = found({ level: 'ok' }, state).find(({ sourceId }) => sourceId === 'cam-1');
      expect(own).toMatchObject({ severity: 'critical', title: 'Recording of Gate' });
      expect(own?.cause).toMatch(/is not recorded: .*ENOSPC/);
      expect(own?.whatToDo).not.toBe('');
    },
  );

  test('of a source whose stream cannot be kept are critical, with what helps', () => {
    const own = found({ level: 'ok' }, 'refused').find(({ sourceId }) => sourceId === 'cam-1');
    expect(own).toMatchObject({ severity: 'critical', cause: expect.stringContaining('cannot be kept') });
    expect(own?.whatToDo).toMatch(/H\.264/);
  });

  test('of a source that only waits for pictures are no worry', () => {
    expect(found({ level: 'ok' }, 'off').map(({ id }) => id)).toEqual(['recording']);
  });
});
