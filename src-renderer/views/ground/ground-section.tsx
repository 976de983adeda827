import { type FormEvent, type ReactElement, useState } from 'react';
import { onPicture } from '#shared/domain/drawn-on.ts';
import type { Point } from '#shared/domain/point.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { reconfigure } from '../../actions.ts';
import { chooseTool } from '../../editor-tool.ts';
import { calibrationOf, metresOf, type Rectangle, rectangleOf } from '../../figures/ground.ts';
import { isGoingOn } from '../../figures/run-figures.ts';
import { useGround } from '../../stores/ground-store.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import './ground-section.css';

/** The rectangle on the ground that speeds are measured by: its two lengths, or how to mark one. */
export function GroundSection({ source }: { readonly source: SourceView }): ReactElement {
  const draft = useGround((store) => store.draft);
  const { calibration } = source.settings;
  const drawn = draft?.sourceId === source.sourceId ? draft.points : null;
  const known = calibration === undefined ? null : rectangleOf(calibration);
  return (
    <section className="section" aria-label="Speed">
      <div className="section-head">
        <h2 className="heading">Speed</h2>
        {calibration === undefined && drawn === null ? (
          <Button
            size="small"
            look="bare"
            icon="ruler"
            disabled={source.media === null}
            data-testid="mark-ground-button"
            onClick={() => chooseTool('ground')}
          >
            Mark rectangle
          </Button>
        ) : (
          <Button
            size="small"
            look="bare"
            icon="remove"
            label={drawn === null ? 'Forget the rectangle on the ground' : 'Give up the drawn rectangle'}
            onClick={() => {
              if (drawn !== null) useGround.getState().drop();
              else reconfigure(source, withoutGround(source));
            }}
          />
        )}
      </div>
      {calibration === undefined && drawn === null ? (
        <p className="section-empty">
          A rectangle on the ground whose sides you know gives tracks and lines their speed.
        </p>
      ) : null}
      {drawn !== null ? <LengthForm key="draft" source={source} points={drawn} before={known} /> : null}
      {drawn === null && calibration !== undefined && known !== null ? (
        <LengthForm
          key={`${known.a} ${known.b}`}
          source={source}
          points={onShow(source).map(({ image }) => image)}
          before={known}
        />
      ) : null}
      {drawn === null && calibration !== undefined && known === null ? (
        <p className="section-empty">Measured by four points that are no rectangle.</p>
      ) : null}
    </section>
  );
}

function onShow({ settings, media }: SourceView): { image: Point }[] {
  return (media === null ? settings : onPicture(settings, media)).calibration?.points ?? [];
}

function withoutGround({ settings }: SourceView): SourceView['settings'] {
  const { calibration: _gone, ...rest } = settings;
  return rest;
}

interface LengthFormProps {
  readonly source: SourceView;
  readonly points: readonly Point[];
  readonly before: Rectangle | null;
}

const MISSING = 'Metres from 0.1 to 1000';

function LengthForm({ source, points, before }: LengthFormProps): ReactElement {
  const [a, setA] = useState(before === null ? '' : String(before.a));
  const [b, setB] = useState(before === null ? '' : String(before.b));
  const [asked, setAsked] = useState(false);
  const [metresA, metresB] = [metresOf(a), metresOf(b)];
  const unchanged = before !== null && metresA === before.a && metresB === before.b;
  const isDraft = useGround((store) => store.draft?.sourceId === source.sourceId);
  const problem = (text: string, metres: number | null): string | undefined =>
    metres === null && (asked || text !== '') ? MISSING : undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setAsked(true);
    const { media, settings } = source;
    if (metresA === null || metresB === null || media === null) return;
    useGround.getState().drop();
    const calibration = calibrationOf(points, { a: metresA, b: metresB });
    reconfigure(source, { ...onPicture(settings, media), calibration });
  };
  return (
    <form className="ground-form" onSubmit={submit} onKeyDown={(event) => event.stopPropagation()}>
      <TextField
        label="Side A, metres"
        value={a}
        problem={problem(a, metresA)}
        inputMode="decimal"
        testId="ground-a"
        autoFocus={before === null}
        onChange={setA}
      />
      <TextField
        label="Side B, metres"
        value={b}
        problem={problem(b, metresB)}
        inputMode="decimal"
        testId="ground-b"
        onChange={setB}
      />
      {unchanged && !isDraft ? null : (
        <div className="ground-apply">
          <p>{isGoingOn(source) ? 'Counting starts again with it.' : 'Used when it runs again.'}</p>
          <Button look="primary" submit data-testid="apply-ground">
            Apply
          </Button>
        </div>
      )}
    </form>
  );
}
