import { isDeepStrictEqual } from 'node:util';
import type { LiveStatus } from '#shared/domain/live-state.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import type { Login } from '#shared/domain/source-input.ts';

/** Many cameras lock up after several wrong passwords in a minute. */
const APART_MS = 60_000;

/** Remembers over the deaths of processes that a camera refused a login, so that the next one waits its minute too. */
export class LoginRefusal {
  readonly #wallMs: () => number;
  #login: Login | null = null;
  #refusal: Refusal | null = null;

  constructor(wallMs: () => number) {
    this.#wallMs = wallMs;
  }

  /** A status that was told while this login was used. */
  heard({ state, cause, nextTryWallMs }: LiveStatus): void {
    if (state !== 'AUTH_FAILED' || cause === null) this.#refusal = null;
    // Without a next try, one goes on.
    else this.#refusal = { cause, nextTryWallMs: nextTryWallMs ?? this.#wallMs() + APART_MS };
  }

  /** What is known of a login that is to be used now; another one is tried at once. */
  of(login: Login | null): Refusal | null {
    if (!isDeepStrictEqual(login, this.#login)) this.#refusal = null;
    this.#login = login;
    return this.#refusal;
  }
}
