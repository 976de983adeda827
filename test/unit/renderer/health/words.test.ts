import { describe, expect, test } from 'vitest';
import { type HealthComponent, SEVERITIES, type Severity } from '#shared/domain/health.ts';
import { foldedCause, foldParts } from '../../../../src-renderer/views/health/fold.ts';
import {
  headlineOf,
  lastingWords,
  severityTone,
  severityWords,
  staleSince,
} from '../../../../src-renderer/views/health/severity-words.ts';
import { reportWith } from '../../main/metrics/report-fixture.ts';

const part = (severity: Severity, kind: HealthComponent['kind'] = 'source'): HealthComponent => ({
  id: `${kind}:${severity}`,
  kind,
  title: 'Gate',
  vital: false,
  severity,
  cause: '',
  sinceWallMs: 0,
  whatToDo: '',
  sourceId: null,
});
const headline = (overall: Severity, ...components: HealthComponent[]): string =>
  headlineOf(reportWith({ overall, components }));

describe('the headline of the health page', () => {
  test('says the gravest thing, in numbers a person can check', () => {
    expect(headline('ok', part('ok'))).toBe('All is well');
    expect(headline('warn', part('warn'))).toBe('One thing needs attention');
    expect(headline('warn', part('critical'), part('warn'), part('stale'))).toBe('2 things need attention');
    expect(headline('critical', part('critical', 'store'))).toBe('ivis cannot do its work');
    expect(headline('stale', part('stale', 'worker'))).toBe('One part is silent');
  });

  test('does not call a busy processor a start', () => {
    expect(headline('info', part('info', 'model'))).toBe('Getting ready');
    expect(headline('info', part('info', 'cpu'))).toBe('All is well');
    // Nor a process begun for a question, such as which decoders there are.
    expect(headline('info', part('info', 'worker'))).toBe('Getting ready');
    expect(headline('info', { ...part('info', 'worker'), sourceId: 'decoders' })).toBe('All is well');
  });
});

describe('parts of many sources', () => {
  test('stand together while they are well, and alone while they are few', () => {
    const of = (n: number, kind: HealthComponent['kind']) =>
      Array.from({ length: n }, (_, i) => ({
        ...part('ok', kind),
        id: `${kind}:${i}`,
        sourceId: `cam-${i}`,
        cause: 'running',
      }));
    const database = { ...part('ok', 'store'), id: 'store' };
    const few = foldParts([database, ...of(3, 'source')]);
    expect(few.map(({ kind }) => kind)).toEqual(['part', 'part', 'part', 'part']);
    const many = foldParts([...of(4, 'worker'), database, ...of(9, 'source')]);
    expect(many.map((row) => (row.kind === 'fold' ? [row.title, row.parts.length] : row.part.id))).toEqual([
      ['Video reading: 4', 4],
      'store',
      ['Sources: 9', 9],
    ]);
    expect(foldedCause(of(4, 'worker'))).toBe('all running');
    expect(foldedCause([...of(1, 'source'), part('ok')])).toBe('all well');
  });
});

describe('a report', () => {
  test('is not known any more when main is silent, or answers with what it judged long ago', () => {
    expect(staleSince({ judgedAgoMs: 900 }, 0)).toBeNull();
    expect(staleSince({ judgedAgoMs: 900 }, 4000)).toBeNull();
    expect(staleSince({ judgedAgoMs: 900 }, 4200)).toBe(5100);
    expect(staleSince({ judgedAgoMs: 60_000 }, 0)).toBe(60_000);
  });
});

describe('the words', () => {
  test.each(SEVERITIES)('there are a tone and a word for %s', (severity) => {
    expect(severityTone[severity]).not.toBe('');
    expect(severityWords[severity]).not.toBe('');
  });

  test.each([
    [-5, 'for 0 s'],
    [59_999, 'for 59 s'],
    [60_000, 'for 1 min'],
    [3_600_000, 'for 1 h'],
    [172_800_000, 'for 2 days'],
  ])('%d ms last %s', (ms, words) => {
    expect(lastingWords(ms)).toBe(words);
  });
});
