import { type ReactElement, useEffect, useState } from 'react';
import type { RequestReply } from '#shared/contracts/contract.ts';
import type { uiMain } from '#shared/contracts/ui-main.contract.ts';
import type { CountedCrossing } from '#shared/domain/correction.ts';
import type { KeptPicture } from '#shared/domain/evidence.ts';
import type { Point } from '#shared/domain/point.ts';
import { inquire } from '../../bridge.ts';
import { forwardOf, middleOf } from '../../editor/geometry.ts';
import { useBlob } from './blob-pictures.ts';
import { pictureWords } from './evidence-words.ts';

export type Evidence = RequestReply<typeof uiMain, 'evidence.get'>;
export type StageView = 'scene' | 'object';

/** What lies behind a crossing of the machine; null while it is read, and for one that a person added. */
export function useEvidence(runId: number, number: number | null): Evidence | null {
  const [evidence, setEvidence] = useState<{ runId: number; number: number; found: Evidence } | null>(null);
  useEffect(() => {
    if (number === null) return;
    let over = false;
    inquire('evidence.get', { runId, number })
      .then((found) => {
        if (!over) setEvidence({ runId, number, found });
      })
      .catch(() => {});
    return () => {
      over = true;
    };
  }, [runId, number]);
  const own = evidence !== null && evidence.runId === runId && evidence.number === number;
  return own ? evidence.found : null;
}

interface CrossingStageProps {
  readonly crossing: CountedCrossing;
  readonly evidence: Evidence | null;
  readonly view: StageView;
}

/** The picture of a crossing with the line and the way of the track over it. */
export function CrossingStage({ crossing, evidence, view }: CrossingStageProps): ReactElement {
  const crop = evidence?.pictures.find(({ kind }) => kind === 'crop') ?? null;
  const frame = evidence?.pictures.find(({ kind }) => kind === 'frame') ?? null;
  const cropUrl = useBlob(crop?.jpeg ?? null);
  const frameUrl = useBlob(frame?.jpeg ?? null);
  if (crossing.number === null) {
    return <p className="stage-empty">Added by a person: the machine has no picture of it.</p>;
  }
  if (evidence === null) return <p className="stage-empty">Reading…</p>;
  const size = frame?.part ?? sizeOf(evidence, crop);
  if (size === null) return <p className="stage-empty">Neither picture nor way was kept of this crossing.</p>;
  const close = view === 'object' ? (crop?.part ?? null) : null;
  const seen = close ?? size;
  const unit = (seen.x2 - seen.x1) / 100;
  const shown = crop ?? frame;
  return (
    <figure className="stage-figure">
      <svg
        className="stage-picture"
        data-testid="evidence-picture"
        data-pictures={[cropUrl, frameUrl].filter((url) => url !== null).length}
        viewBox={`${seen.x1} ${seen.y1} ${seen.x2 - seen.x1} ${seen.y2 - seen.y1}`}
        role="img"
        aria-label={`${crossing.label} crosses ${crossing.line} ${crossing.direction}`}
      >
        <rect x={size.x1} y={size.y1} width={size.x2} height={size.y2} className="stage-ground" />
        {frame === null ? null : <Picture picture={frame} url={frameUrl} />}
        {crop === null ? null : <Picture picture={crop} url={cropUrl} />}
        <Way points={evidence.path?.points ?? []} crossing={crossing} />
        {evidence.line === null ? null : (
          <LineOver points={evidence.line.points} unit={unit} crossing={crossing} />
        )}
        {crossing.x === null || crossing.y === null ? null : (
          <circle cx={crossing.x} cy={crossing.y} r={unit * 0.8} className="stage-cross" />
        )}
      </svg>
      <figcaption className="stage-caption" data-testid="picture-words">
        {shown === null ? 'No picture was kept; the way of the track was.' : pictureWords(crossing, shown)}
      </figcaption>
    </figure>
  );
}

function sizeOf(evidence: Evidence, crop: KeptPicture | null): KeptPicture['part'] | null {
  const { media } = evidence;
  if (media !== null) return { x1: 0, y1: 0, x2: media.width, y2: media.height };
  return crop?.part ?? null;
}

function Picture({
  picture,
  url,
}: {
  readonly picture: KeptPicture;
  readonly url: string | null;
}): ReactElement | null {
  if (url === null) return null;
  const { x1, y1, x2, y2 } = picture.part;
  return <image href={url} x={x1} y={y1} width={x2 - x1} height={y2 - y1} preserveAspectRatio="none" />;
}

const textOf = (points: readonly Point[]): string => points.map(({ x, y }) => `${x},${y}`).join(' ');

function Way({
  points,
  crossing,
}: {
  readonly points: readonly (Point & { frame: number })[];
  readonly crossing: CountedCrossing;
}): ReactElement {
  const at = crossing.frame ?? 0;
  const before = points.filter(({ frame }) => frame <= at);
  const after = points.filter(({ frame }) => frame >= at);
  return (
    <g data-testid="evidence-path" data-points={points.length}>
      <polyline points={textOf(points)} className="stage-way-casing" />
      <polyline points={textOf(before)} className="stage-way" />
      <polyline points={textOf(after)} className="stage-way" data-after="true" />
    </g>
  );
}

function LineOver(props: {
  readonly points: readonly Point[];
  readonly unit: number;
  readonly crossing: CountedCrossing;
}): ReactElement {
  const { points, unit, crossing } = props;
  const forward = forwardOf(points);
  const sign = crossing.direction === 'forward' ? 1 : -1;
  const middle = middleOf(points);
  const [dx, dy] = [forward.x * sign * unit * 5, forward.y * sign * unit * 5];
  const tip = { x: middle.x + dx, y: middle.y + dy };
  const side = { x: -dy * 0.3, y: dx * 0.3 };
  const back = { x: middle.x + dx * 0.55, y: middle.y + dy * 0.55 };
  return (
    <g>
      <polyline points={textOf(points)} className="stage-line-casing" />
      <polyline points={textOf(points)} className="stage-line" />
      <polyline points={textOf([middle, tip])} className="stage-line" />
      <polygon
        points={textOf([
          tip,
          { x: back.x + side.x, y: back.y + side.y },
          { x: back.x - side.x, y: back.y - side.y },
        ])}
        className="stage-arrow"
      />
    </g>
  );
}
