import { type ReactElement, useState } from 'react';
import type { SourceView } from '#shared/domain/source.ts';
import { reconfigure } from '../../actions.ts';
import { isGoingOn } from '../../figures/run-figures.ts';
import {
  draftOf,
  newRule,
  type RuleDraft,
  settingsOf,
  type TuningDraft,
  tuningWords,
} from '../../figures/tuning-form.ts';
import { Button } from '../../ui/button.tsx';
import { Segments } from '../../ui/segments.tsx';
import { ClassRuleCard } from './class-rule-card.tsx';
import { LooksRow } from './looks-row.tsx';
import './tuning.css';

const ANCHORS: readonly { value: TuningDraft['anchor']; words: string; title: string }[] = [
  { value: 'bottom-centre', words: 'Foot', title: 'The middle of its lower edge, where it stands' },
  { value: 'centre', words: 'Middle', title: 'For cameras that look straight down' },
];
const ALGORITHMS: readonly { value: TuningDraft['algorithm']; words: string; title: string }[] = [
  { value: 'default', words: 'Default', title: 'As is best for most' },
  { value: 'bytetrack', words: 'ByteTrack', title: 'By overlap, also with what is found faintly' },
  {
    value: 'oc-sort',
    words: 'OC-SORT',
    title: 'By what was seen, not by what was expected: for sudden turns',
  },
];

/** How many parts the picture is looked at in, besides as a whole. */
const TILES: readonly { value: string; words: string }[] = [
  { value: '1x1', words: 'As a whole' },
  { value: '2x1', words: 'And in 2 × 1 parts' },
  { value: '1x2', words: 'And in 1 × 2 parts' },
  { value: '2x2', words: 'And in 2 × 2 parts' },
  { value: '3x2', words: 'And in 3 × 2 parts' },
  { value: '3x3', words: 'And in 3 × 3 parts' },
];

const SIZES: readonly string[] = ['320', '480', '640', '960', '1280', '1920'];

/** How the source is looked at and followed, for those whose pictures are not like most. Closed until asked for. */
export function TuningSection({ source }: { readonly source: SourceView }): ReactElement {
  const { settings } = source;
  const [draft, setDraft] = useState<TuningDraft | null>(null);
  const shown = draft ?? draftOf(settings);
  const read = settingsOf(shown, settings);
  const change = (changed: Partial<TuningDraft>): void => setDraft({ ...shown, ...changed });
  const changeRule = (key: number, changed: Partial<RuleDraft>): void =>
    change({ rules: shown.rules.map((rule) => (rule.key === key ? { ...rule, ...changed } : rule)) });
  const edited = draft !== null && JSON.stringify(draft) !== JSON.stringify(draftOf(settings));
  const tiles = TILES.some(({ value }) => value === shown.tiles)
    ? TILES
    : [...TILES, { value: shown.tiles, words: `And in ${shown.tiles.replace('x', ' × ')} parts` }];
  const sizes =
    SIZES.includes(shown.inputSize) || shown.inputSize === '' ? SIZES : [...SIZES, shown.inputSize];
  const apply = (): void => {
    if (read.problem !== null) return;
    const { tuning: _before, ...rest } = settings;
    reconfigure(source, { ...rest, ...read.settings });
    setDraft(null);
  };
  return (
    <section className="section" aria-label="Advanced">
      <details className="tuning">
        <summary data-testid="tuning-summary">
          <h2 className="heading">Advanced</h2>
          <span className="tuning-words">{tuningWords(settings)}</span>
        </summary>
        <div className="tuning-form">
          <div className="tuning-row">
            <span>Tracker</span>
            <Segments
              label="Tracker"
              value={shown.algorithm}
              options={ALGORITHMS}
              onChange={(algorithm) => change({ algorithm })}
            />
          </div>
          <div className="tuning-row">
            <span title="The point of an object that crosses lines and enters zones">Counted by its</span>
            <Segments
              label="The point that counts"
              value={shown.anchor}
              options={ANCHORS}
              onChange={(anchor) => change({ anchor })}
            />
          </div>
          <LooksRow chosen={shown.looks} onChange={(looks) => change({ looks })} />
          <label className="tuning-row">
            <span>Looked at</span>
            <select
              value={shown.tiles}
              title="Parts show small objects larger; each part takes as long as the whole"
              data-testid="tuning-tiles"
              onChange={(event) => change({ tiles: event.target.value })}
            >
              {tiles.map(({ value, words }) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </select>
          </label>
          <label className="tuning-row">
            <span>Shown to the model</span>
            <select
              value={shown.inputSize}
              title="The longest side; larger finds smaller objects and takes longer"
              data-testid="tuning-size"
              onChange={(event) => change({ inputSize: event.target.value })}
            >
              <option value="">As it is made for</option>
              {sizes.map((size) => (
                <option key={size} value={size}>
                  {size} pixels
                </option>
              ))}
            </select>
          </label>
          <label className="tuning-row">
            <span title="Detections that are less sure begin no track">Sure from, 0 to 1</span>
            <input
              className="tuning-number number"
              inputMode="decimal"
              placeholder="model’s"
              data-testid="tuning-confidence"
              value={shown.confidence}
              onChange={(event) => change({ confidence: event.target.value })}
            />
          </label>
          <label className="tuning-check">
            <input
              type="checkbox"
              checked={shown.cameraMotion}
              data-testid="tuning-camera"
              onChange={(event) => change({ cameraMotion: event.target.checked })}
            />
            The camera sways in the wind
          </label>
          {shown.rules.map((rule) => (
            <ClassRuleCard
              key={rule.key}
              rule={rule}
              onChange={(changed) => changeRule(rule.key, changed)}
              onRemove={() => change({ rules: shown.rules.filter(({ key }) => key !== rule.key) })}
            />
          ))}
          <Button
            size="small"
            look="bare"
            icon="plus"
            data-testid="add-rule"
            onClick={() => change({ rules: [...shown.rules, newRule(shown.rules)] })}
          >
            Rule for a class
          </Button>
          {edited ? (
            <div className="tuning-apply">
              <p data-bad={read.problem !== null} role="status">
                {read.problem ??
                  (isGoingOn(source) ? 'Counting starts again with it.' : 'Used when it runs again.')}
              </p>
              <Button look="bare" onClick={() => setDraft(null)}>
                Discard
              </Button>
              <Button
                look="primary"
                disabled={read.problem !== null}
                data-testid="apply-tuning"
                onClick={apply}
              >
                Apply
              </Button>
            </div>
          ) : null}
        </div>
      </details>
    </section>
  );
}
