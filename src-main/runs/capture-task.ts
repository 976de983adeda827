import { mainCapture } from '#shared/contracts/main-capture.contract.ts';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { LinkEnd } from '#shared/link/link-end.ts';
import type { Engine } from './engine.ts';

/**
 * Runs one request in a capture process of its own, ended afterwards: a hostile file may take its reader down, and
 * then costs only this task. Rejects with what `ask` rejects with, or 'worker-crashed'.
 */
export async function runCaptureTask<T>(
  engine: Engine,
  purpose: string,
  framesDrawn: (frames: number) => void,
  ask: (link: LinkEnd<typeof mainCapture, 'from'>) => Promise<T>,
): Promise<T> {
  let open: () => void = () => {};
  let fail: (error: Error) => void = () => {};
  const ready = new Promise<void>((resolve) => {
    open = resolve;
  });
  const lost = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  // Its end is expected once the task is done.
  lost.catch(() => {});
  const capture = engine.capture(purpose, {
    ready: () => open(),
    ended: () => fail(new NamedError('worker-crashed', `the process for ${purpose} ended`)),
  });
  try {
    capture.start();
    await Promise.race([ready, lost]);
    const link = capture.open(mainCapture, {
      messages: {
        'source.progressed': () => {},
        'source.ended': () => {},
        'source.changed': () => {},
        'source.described': () => {},
        'gap.began': () => {},
        'gap.ended': () => {},
        'recording.changed': () => {},
        'annotation.progressed': ({ frames }) => framesDrawn(frames),
      },
    });
    return await Promise.race([ask(link), lost]);
  } finally {
    await capture.stop();
  }
}
