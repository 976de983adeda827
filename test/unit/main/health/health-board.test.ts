import { describe, expect, test } from 'vitest';
import { healthComponentSchema } from '#shared/domain/health.ts';
import type { Finding } from '../../../../src-main/health/facts.ts';
import { HealthBoard } from '../../../../src-main/health/health-board.ts';
import { found } from './facts-fixture.ts';

describe('the board', () => {
  const finding = (change: Partial<Finding> = {}): Finding => ({ ...found({}, 'store'), ...change });

  test('tells a change once and remembers since when', () => {
    const board = new HealthBoard();
    expect(board.take([finding()], 1000)).toEqual([]);
    expect(board.take([finding()], 2000)).toEqual([]);
    const ill = finding({ severity: 'critical', cause: 'full' });
    expect(board.take([ill], 3000)).toMatchObject([{ before: 'ok', now: 'critical' }]);
    expect(board.take([{ ...ill, cause: 'still full' }], 4000)).toEqual([]);
    expect(healthComponentSchema.parse(board.components[0])).toMatchObject({
      sinceWallMs: 3000,
      cause: 'still full',
    });
    expect(board.take([finding()], 5000)).toMatchObject([{ before: 'critical', now: 'ok' }]);
  });

  test('tells of what comes ill or goes ill, and not of what comes and goes well', () => {
    const board = new HealthBoard();
    expect(board.take([finding({ severity: 'warn' })], 1)).toMatchObject([{ before: null, now: 'warn' }]);
    expect(board.take([], 2)).toMatchObject([{ before: 'warn', now: null }]);
    expect(board.take([finding({ severity: 'info' })], 3)).toEqual([]);
    expect(board.take([], 4)).toEqual([]);
  });
});
