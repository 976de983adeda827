import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceEntry } from '../../src-main/runs/source-book.ts';
import type { PhotographClip } from '../fixtures/photograph.ts';

/**
 * Writes the list of sources that a window finds: looping files, which have to be started, and cameras that are wanted.
 * `loginVariable`: a variable of the environment with the cameras' user:password.
 */
export function writeSources(
  dataFolder: string,
  clip: PhotographClip,
  files: number,
  cameras: readonly string[],
  loginVariable: string | null = null,
): void {
  const settings = {
    lines: [{ name: 'middle', points: [...clip.line.points] }],
    zones: [],
    classes: ['car'],
    confidence: null,
    every: null,
    fps: null,
    keepRawDetections: false,
  };
  const entry = (sourceId: string, input: SourceEntry['input'], mode: 'play' | 'live'): SourceEntry => ({
    sourceId,
    title: sourceId,
    input,
    loginKept: mode === 'live' && loginVariable !== null ? 'environment' : null,
    folderId: null,
    settings: { mode, ...settings },
    media: null,
    wanted: mode === 'live',
    counting: null,
    last: null,
  });
  const sources = [
    ...Array.from({ length: files }, (_, n) =>
      entry(`file-${n + 1}`, { kind: 'file', path: clip.path, loop: true }, 'play'),
    ),
    ...cameras.map((url, n) => entry(`rtsp-${n + 1}`, { kind: 'rtsp', url, transport: 'tcp' }, 'live')),
  ];
  const logins = cameras.flatMap((_, n) =>
    loginVariable === null ? [] : [[`rtsp-${n + 1}`, { kind: 'environment', variable: loginVariable }]],
  );
  writeFileSync(
    join(dataFolder, 'logins.json'),
    JSON.stringify({ version: 1, logins: Object.fromEntries(logins) }),
    { mode: 0o600 },
  );
  writeFileSync(join(dataFolder, 'sources.json'), JSON.stringify({ version: 1, sources, folders: [] }), {
    mode: 0o600,
  });
}
