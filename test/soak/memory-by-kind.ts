import { readFileSync } from 'node:fs';
import { familyOf, ownBytesOf, programOf } from '../drivers/process-tree.ts';

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Ended between the listing and the look.
    return '';
  }
}

/** What a process of ivis is for: `main`, `renderer`, `gpu-process`, `ivis-detection`, `ffmpeg`. */
function kindOf(pid: number, mainPid: number): string {
  if (pid === mainPid) return 'main';
  const type = /--type=([a-z-]+)/.exec(textOf(`/proc/${pid}/cmdline`))?.[1];
  const name = textOf(`/proc/${pid}/comm`).trim();
  return name.startsWith('ivis-') ? name : (type ?? programOf(pid));
}

/**
 * Bytes that the processes of each kind hold for themselves; `spare`: room in the heaps of main and the page that nothing
 * is in.
 */
export function ownBytesByKind(
  mainPid: number,
  spare: { readonly main: number; readonly renderer: number } = { main: 0, renderer: 0 },
): Map<string, number> {
  const bytes = new Map<string, number>();
  for (const { pid, state } of familyOf(mainPid)) {
    if (state === 'Z') continue;
    const kind = kindOf(pid, mainPid);
    // Ended between the listing and the look.
    if (kind === '') continue;
    bytes.set(kind, (bytes.get(kind) ?? 0) + ownBytesOf(pid));
  }
  for (const [kind, spareBytes] of Object.entries(spare))
    bytes.set(kind, Math.max(0, (bytes.get(kind) ?? 0) - spareBytes));
  return bytes;
}
