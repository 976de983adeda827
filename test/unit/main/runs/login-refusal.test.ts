import { describe, expect, it } from 'vitest';
import type { LiveStatus } from '#shared/domain/live-state.ts';
import { LoginRefusal } from '../../../../src-main/runs/login-refusal.ts';

const cause = { kind: 'camera-auth', message: 'the camera rejects user or password' } as const;
const status = (change: Partial<LiveStatus>): LiveStatus => ({
  state: 'AUTH_FAILED',
  sinceWallMs: 0,
  cause,
  attempt: 1,
  nextTryWallMs: 60_000,
  fps: 0,
  decodeErrors: 0,
  log: [],
  ...change,
});
const login = { user: 'a', password: 'b' };

describe('a login that was refused', () => {
  it('is remembered for the next process with when it may be tried again', () => {
    const refusal = new LoginRefusal(() => 5000);
    expect(refusal.of(login)).toBeNull();
    refusal.heard(status({}));
    expect(refusal.of({ ...login })).toEqual({ cause, nextTryWallMs: 60_000 });
  });

  it('waits its minute also when the process died in the middle of a try', () => {
    const refusal = new LoginRefusal(() => 70_000);
    refusal.of(null);
    refusal.heard(status({ nextTryWallMs: null }));
    expect(refusal.of(null)?.nextTryWallMs).toBe(130_000);
  });

  it('is forgotten when the camera takes it, or another one is to be tried', () => {
    const refusal = new LoginRefusal(() => 0);
    refusal.of(login);
    refusal.heard(status({}));
    expect(refusal.of({ ...login, password: 'c' })).toBeNull();
    refusal.heard(status({}));
    refusal.heard(status({ state: 'LIVE', cause: null }));
    expect(refusal.of({ ...login, password: 'c' })).toBeNull();
  });
});
