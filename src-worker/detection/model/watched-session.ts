import type { LookSession } from './look-session.ts';
import type { ModelSession, OpenSession } from './session.ts';

/**
 * Opens models whose every step is told: `worked` after the opening and after each run, those of the probe too. So a
 * model that is slow but moves is never taken for one that hangs.
 */
export function watched(open: OpenSession, worked: () => void): OpenSession {
  return async (bytes, spec, provider): Promise<ModelSession> => {
    const session = await open(bytes, spec, provider);
    worked();
    return {
      provider: session.provider,
      spec: session.spec,
      decoder: session.decoder,
      run: async (input, tensorW, tensorH) => {
        const run = await session.run(input, tensorW, tensorH);
        worked();
        return run;
      },
      release: () => session.release(),
    };
  };
}

/** The same for the opening of look models; their runs are part of the frame that they are for. */
export function watchedLook<A extends unknown[]>(
  open: (...model: A) => Promise<LookSession>,
  worked: () => void,
): (...model: A) => Promise<LookSession> {
  return async (...model) => {
    const session = await open(...model);
    worked();
    return session;
  };
}
