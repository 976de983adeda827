import type { RunSettings } from '#shared/domain/run.ts';
import { type ClassRule, type Tuning, tuningSchema } from '#shared/domain/tuning.ts';

/** What the form of one rule holds, as it is written. Sizes in percent of the picture. */
export interface RuleDraft {
  /** Its own among the rules of a form, while it has no other name. */
  readonly key: number;
  /** Empty: every class without a rule of its own. */
  readonly label: string;
  readonly confidence: string;
  readonly minHeight: string;
  readonly maxHeight: string;
  readonly minArea: string;
  readonly maxArea: string;
}

/** What the form holds. */
export interface TuningDraft {
  readonly algorithm: 'default' | NonNullable<Tuning['algorithm']>;
  /** The point of an object that counts. */
  readonly anchor: NonNullable<Tuning['anchor']>;
  readonly cameraMotion: boolean;
  /** Longest side of the picture for the model, pixels; empty: as the model has it. */
  readonly inputSize: string;
  /** Empty: that of the model. */
  readonly confidence: string;
  /** Columns and rows, as `2x2`; `1x1`: the picture as a whole. */
  readonly tiles: string;
  /** File of the look model; empty: objects are told apart by their boxes alone. */
  readonly looks: string;
  readonly rules: readonly RuleDraft[];
}

type Tuned = Pick<RunSettings, 'confidence' | 'tuning'>;
type Read = { readonly settings: Tuned; readonly problem: null } | { readonly problem: string };

/** A rule that says nothing yet. */
export function newRule(rules: readonly RuleDraft[]): RuleDraft {
  const key = Math.max(-1, ...rules.map((rule) => rule.key)) + 1;
  return { key, label: '', confidence: '', minHeight: '', maxHeight: '', minArea: '', maxArea: '' };
}

/** At most four digits behind the point, so that what is read is what was written. */
const plain = (value: number): string => String(Number(value.toFixed(4)));
const shown = (value: number | undefined | null, times = 1): string =>
  value == null ? '' : plain(value * times);

export function draftOf({ confidence, tuning = {} }: Tuned): TuningDraft {
  const { algorithm = 'default', anchor = 'bottom-centre', cameraMotion = false } = tuning;
  const { inputSize, tiles, looks, classRules = [] } = tuning;
  return {
    algorithm,
    anchor,
    cameraMotion,
    inputSize: shown(inputSize),
    confidence: shown(confidence),
    tiles: tiles === undefined ? '1x1' : `${tiles.columns}x${tiles.rows}`,
    looks: looks?.model ?? '',
    rules: classRules.map((rule, key) => ({
      key,
      label: rule.label ?? '',
      confidence: shown(rule.confidence),
      minHeight: shown(rule.minHeight, 100),
      maxHeight: shown(rule.maxHeight, 100),
      minArea: shown(rule.minArea, 100),
      maxArea: shown(rule.maxArea, 100),
    })),
  };
}

/** A number from 0 to `most`; undefined for nothing, null for what is none. */
function numberOf(text: string, most: number): number | null | undefined {
  const trimmed = text.trim().replace(',', '.');
  if (trimmed === '') return undefined;
  if (!/^\d+(\.\d{1,4})?$/.test(trimmed)) return null;
  const value = Number(trimmed);
  return value <= most ? value : null;
}

/** A share from a percentage, without the dust of a division. */
const share = (percent: number | undefined): number | undefined =>
  percent === undefined ? undefined : Number((percent / 100).toFixed(6));

function ruleOf(draft: RuleDraft): ClassRule | string {
  const confidence = numberOf(draft.confidence, 1);
  if (confidence === null) return 'How sure is a number from 0 to 1.';
  const sizes = [draft.minHeight, draft.maxHeight, draft.minArea, draft.maxArea].map((text) =>
    numberOf(text, 100),
  );
  if (sizes.includes(null)) return 'Sizes are percentages of the picture, from 0 to 100.';
  const [minHeight, maxHeight, minArea, maxArea] = sizes.map((size) => share(size ?? undefined));
  return {
    label: draft.label === '' ? null : draft.label,
    ...(confidence === undefined ? {} : { confidence }),
    ...(minHeight === undefined ? {} : { minHeight }),
    ...(maxHeight === undefined ? {} : { maxHeight }),
    ...(minArea === undefined ? {} : { minArea }),
    ...(maxArea === undefined ? {} : { maxArea }),
  };
}

/** The settings that the form says, or why it says none. `before`: what is kept that the form does not show. */
export function settingsOf(draft: TuningDraft, before: Tuned): Read {
  const confidence = numberOf(draft.confidence, 1);
  if (confidence === null) return { problem: 'How sure is a number from 0 to 1.' };
  const rules = draft.rules.map(ruleOf);
  const wrong = rules.find((rule) => typeof rule === 'string');
  if (wrong !== undefined) return { problem: wrong };
  const classRules = rules.filter((rule) => typeof rule !== 'string');
  const [columns = 1, rows = 1] = draft.tiles.split('x').map(Number);
  const overlap = before.tuning?.tiles?.overlap;
  const looks = before.tuning?.looks;
  const tuning = {
    ...(draft.looks === '' ? {} : { looks: { ...looks, model: draft.looks } }),
    ...(draft.algorithm === 'default' ? {} : { algorithm: draft.algorithm }),
    ...(draft.anchor === 'bottom-centre' ? {} : { anchor: draft.anchor }),
    ...(draft.cameraMotion ? { cameraMotion: true } : {}),
    ...(draft.inputSize === '' ? {} : { inputSize: Number(draft.inputSize) }),
    ...(classRules.length === 0 ? {} : { classRules }),
    ...(columns * rows === 1
      ? {}
      : { tiles: { columns, rows, ...(overlap === undefined ? {} : { overlap }) } }),
  };
  const read = tuningSchema.safeParse(tuning);
  if (!read.success) return { problem: problemOf(read.error.issues[0]?.message ?? '') };
  const tuned = Object.keys(read.data).length === 0 ? {} : { tuning: read.data };
  return { settings: { confidence: confidence ?? null, ...tuned }, problem: null };
}

const PROBLEMS: Readonly<Record<string, string>> = {
  'a class has two rules': 'A class has two rules.',
  'minHeight must not exceed maxHeight': 'The least height is above the greatest.',
  'minArea must not exceed maxArea': 'The least area is above the greatest.',
};

const problemOf = (message: string): string => PROBLEMS[message] ?? message;

/** In a few words what is not as it is for most; empty when all is. */
export function tuningWords({ confidence, tuning = {} }: Tuned): string {
  const { algorithm, anchor, cameraMotion, inputSize, tiles, looks, classRules = [] } = tuning;
  return [
    confidence === null ? '' : `sure from ${plain(confidence)}`,
    algorithm === undefined ? '' : algorithm === 'oc-sort' ? 'OC-SORT' : 'ByteTrack',
    anchor === 'centre' ? 'counted by the middle' : '',
    cameraMotion === true ? 'swaying camera' : '',
    inputSize === undefined ? '' : `${inputSize} pixels`,
    tiles === undefined ? '' : `${tiles.columns} × ${tiles.rows} tiles`,
    looks === undefined ? '' : `looks by ${looks.model}`,
    classRules.length === 0 ? '' : `${classRules.length} ${classRules.length === 1 ? 'rule' : 'rules'}`,
  ]
    .filter((words) => words !== '')
    .join(', ');
}
