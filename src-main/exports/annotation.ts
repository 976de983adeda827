import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCaptureTask } from '../runs/capture-task.ts';
import type { Engine } from '../runs/engine.ts';
import { EXPORT_MS, type WrittenFile } from './run-export.ts';

/**
 * Writes the video of a run with its boxes, ids and lines drawn in. A second decode draws exactly what the database
 * holds, so the picture and the CSV cannot disagree.
 */
export async function renderAnnotation(
  engine: Engine,
  run: { runId: number; videoPath: string },
  outPath: string,
  workFolder: string,
  progressed: (frames: number) => void,
): Promise<WrittenFile> {
  const assPath = join(workFolder, `boxes-${run.runId}.ass`);
  try {
    await engine.askStore('export.write', { runId: run.runId, kind: 'ass', outPath: assPath }, EXPORT_MS);
    const { frames } = await runCaptureTask(engine, 'annotation', progressed, (link) =>
      link.request(
        'annotation.render',
        { videoPath: run.videoPath, assPath, outPath },
        { timeoutMs: EXPORT_MS },
      ),
    );
    return { path: outPath, rows: frames };
  } finally {
    rmSync(assPath, { force: true });
  }
}
