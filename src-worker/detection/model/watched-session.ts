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
