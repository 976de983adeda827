import type { MediaInfo } from '#shared/domain/media-info.ts';
import type { RunProgress } from '#shared/domain/run.ts';
import type { Summary } from './summary.ts';

const clock = (ms: number): string => {
  const s = Math.max(0, Math.round(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  return s >= 3600
    ? `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`
    : `${Math.floor(s / 60)}:${two(s % 60)}`;
};

const classes = (byClass: Readonly<Record<string, number>>): string => {
  const parts = Object.entries(byClass).map(([label, n]) => `${label} ${n}`);
  return parts.length === 0 ? '' : `  (${parts.join(', ')})`;
};

/** One line of progress: how far, how fast, how long still, counts so far. */
export function progressText(progress: RunProgress, media: MediaInfo | null): string {
  const { ledger, ptsMs, fps, counts, takenOver = 0 } = progress;
  const totalMs = media?.durationMs ?? null;
  const share =
    totalMs === null || totalMs === 0 ? '' : `${Math.min(100, Math.floor((ptsMs / totalMs) * 100))} %  `;
  const sourceFps = media?.fps ?? null;
  const realRate = sourceFps === null ? '' : ` (${(fps / sourceFps).toFixed(1)}x real time)`;
  const speed = fps > 0 ? `  ${fps.toFixed(1)} frames/s${realRate}` : '';
  const expected = media?.expectedFrames ?? null;
  const left =
    expected === null || fps <= 0 || takenOver === ledger.processed
      ? ''
      : `  ${clock(((expected - ledger.decoded) / fps) * 1000)} left`;
  const lines = Object.entries(counts.lines)
    .map(([name, count]) => `  ${name} ${count.forward.total}/${count.backward.total}`)
    .join('');
  const over = takenOver === 0 ? '' : `  ${takenOver} taken over`;
  return `${share}frame ${ledger.processed}${speed}${left}${over}${lines}`;
}

/** That an annotated video has fewer pictures than the film; null when it has them all. */
export function annotationText(frames: number, decoded: number): string | null {
  if (frames >= decoded) return null;
  return `the annotated video has only ${frames} of ${decoded} pictures: a film that changes its coding is drawn up to there`;
}

/** The counts of a finished run, for reading. */
export function summaryText(summary: Summary): string {
  const { frames } = summary;
  const dropped = Object.entries(frames.dropped).map(([reason, n]) => `${reason} ${n}`);
  const out = [
    `${summary.complete ? 'Analysed' : `NOT COMPLETE (${summary.status})`}: ${summary.source}`,
    `  frames     ${frames.decoded} decoded = ${frames.processed} processed + ${dropped.length === 0 ? '0 dropped' : `dropped: ${dropped.join(', ')}`}`,
    ...(summary.takenOver === 0
      ? []
      : [`  taken over ${summary.takenOver} frames that were looked at before`]),
    `  speed      ${summary.fps} frames/s, ${clock(summary.wallMs)} in all`,
  ];
  if (summary.model !== null) {
    out.push(`  model      ${summary.model.id} ${summary.model.inputSize} on ${summary.model.provider}`);
  }
  out.push(`  tracks     ${summary.tracks.total}${classes(summary.tracks.byClass)}`);
  for (const [name, count] of Object.entries(summary.lines)) {
    out.push(`  line ${name}`);
    out.push(`    forward  ${count.forward.total}${classes(count.forward.byClass)}`);
    out.push(`    backward ${count.backward.total}${classes(count.backward.byClass)}`);
  }
  for (const [name, count] of Object.entries(summary.zones)) {
    out.push(
      `  zone ${name}  ${count.visits} visits${classes(count.byClass)}, at most ${count.maxOccupancy} at once, stay p50 ${clock(count.dwellMs.p50)} max ${clock(count.dwellMs.max)}${count.loiterings === undefined ? '' : `, ${count.loiterings} loitering`}`,
    );
  }
  for (const [from, row] of Object.entries(summary.movements ?? {})) {
    for (const [to, count] of Object.entries(row)) {
      if (count.total > 0) out.push(`  way ${from} > ${to}  ${count.total}${classes(count.byClass)}`);
    }
  }
  const { motion, tooRareMs } = summary;
  if (motion?.tooRare) {
    out.push(
      `  TOO FEW LOOKS: what moves here goes ${motion.stepShare.toFixed(1)} of its own length from one look to the next, and some of it may not be counted; at least ${motion.neededFps.toFixed(1)} looks a second are needed`,
    );
  } else if (tooRareMs > 0) {
    out.push(`  TOO FEW LOOKS for ${clock(tooRareMs)} of it: some of what moved then may not be counted`);
  }
  for (const [kind, file] of Object.entries(summary.files)) out.push(`  ${kind.padEnd(10)} ${file.path}`);
  return out.join('\n');
}
