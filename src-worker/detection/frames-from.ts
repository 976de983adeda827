import type { captureDetection } from '#shared/contracts/capture-detection.contract.ts';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { LinkHandlers } from '#shared/link/link-end.ts';
import { openReader } from './open-reader.ts';
import type { SourceRun } from './source-run.ts';

/** What a capture process tells, given to the run that it is about. `came`: a frame is there. */
export function framesFrom(
  runs: ReadonlySet<SourceRun>,
  came: () => void,
): LinkHandlers<typeof captureDetection, 'to'> {
  let run: SourceRun | undefined;
  /** Also before its first picture: a camera that never connects has a gap, and an end. */
  const going = (runId: number): SourceRun | undefined =>
    [...runs].find((each) => each.runId === runId && !each.ended);
  return {
    requests: {
      'ring.open': ({ runId, ring, mode }) => {
        run = going(runId);
        if (run === undefined) throw new NamedError('not-ready', `run ${runId} is not attached`);
        run.openRing(openReader(ring, mode === 'analyse'));
        return {};
      },
    },
    messages: {
      'frame.ready': ({ frame }) => {
        run?.frameReady(frame);
        came();
      },
      'gap.began': ({ runId, gap }) => going(runId)?.gapBegan(gap),
      'gap.ended': ({ runId, gap }) => going(runId)?.gapEnded(gap),
      'frames.dropped': ({ runId, reason, frames }) => {
        if (run?.runId === runId) run.framesDropped(reason, frames);
      },
      'source.ended': ({ runId, decoded }) => going(runId)?.sourceEnded(decoded),
    },
  };
}
