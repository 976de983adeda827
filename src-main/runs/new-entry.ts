import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { Line } from '#shared/domain/line.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import type { LoginChange } from '#shared/domain/source-draft.ts';
import { inputName, type LoginKeeping, type SourceInput } from '#shared/domain/source-input.ts';
import type { SourceEntry } from './source-book.ts';

/** What a newcomer's source is known by before anything was done with it. */
export interface NewSource {
  readonly input: SourceInput;
  /** Empty: one is made from the input. */
  readonly title: string;
  readonly settings: RunSettings;
  readonly loginKept: LoginKeeping | null;
  readonly folderId: string | null;
}

/** A source that was never looked at, under an id of its own. */
export function newEntry({ input, title, settings, loginKept, folderId }: NewSource): SourceEntry {
  return {
    sourceId: `${input.kind}-${randomUUID().slice(0, 8)}`,
    title: title === '' ? titleOf(input) : title,
    input,
    loginKept,
    folderId,
    settings,
    media: null,
    wanted: false,
    counting: null,
    last: null,
  };
}

/** Settings of a source for which nobody chose any. */
export function newSettings(
  mode: RunSettings['mode'],
  lines: readonly Line[],
  classes: readonly string[],
): RunSettings {
  return {
    mode,
    lines: [...lines],
    zones: [],
    classes: [...classes],
    confidence: null,
    every: null,
    fps: null,
    keepRawDetections: false,
    evidence: 'crop-and-frame',
  };
}

/** How a login is kept after a change of it. */
export function keptAs(login: LoginChange, before: LoginKeeping | null): LoginKeeping | null {
  if (login.kind === 'set') return login.keeping;
  if (login.kind === 'environment') return 'environment';
  return login.kind === 'keep' ? before : null;
}

/** What a source is called until somebody names it. */
export function titleOf(input: SourceInput): string {
  if (input.kind === 'file') return basename(input.path) || input.path;
  if (input.kind === 'webcam') return `Webcam ${input.device}`;
  return inputName(input).replace(/^[a-z]+:\/\//i, '');
}
