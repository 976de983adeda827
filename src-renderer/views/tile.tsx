import { type CSSProperties, type PointerEvent, type ReactElement, useEffect, useRef } from 'react';
import { onPicture } from '#shared/domain/drawn-on.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { applyEdit } from '../actions.ts';
import type { EditorEvent } from '../editor/editor-state.ts';
import { handleAt } from '../editor/geometry.ts';
import { editorScene } from '../editor-tool.ts';
import { sideWords } from '../figures/ground.ts';
import { sourceStateOf } from '../figures/health-words.ts';
import { ratesLine } from '../figures/live-words.ts';
import { isGoingOn } from '../figures/run-figures.ts';
import { ageWords, durationWords } from '../figures/words.ts';
import { feedOf } from '../live/feeds.ts';
import { staleMs } from '../live/picture-figures.ts';
import type { OverlayScene } from '../overlay/overlay-scene.ts';
import { TilePainter } from '../overlay/tile-painter.ts';
import { sourceById, useAppState } from '../stores/app-state-store.ts';
import { useChoice } from '../stores/choice-store.ts';
import { useEditor } from '../stores/editor-store.ts';
import { useGround } from '../stores/ground-store.ts';
import { type PictureStatus, usePictures } from '../stores/picture-store.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { StateChip } from '../ui/state-chip.tsx';
import { GapStrip } from './gap-strip.tsx';
import { TileBadge, TileCause } from './tile-cause.tsx';

interface TileProps {
  readonly source: SourceView;
  readonly alone: boolean;
  readonly style?: CSSProperties;
}

/** Pictures per second a person is well served with: one large picture, or one of several small ones. */
const LARGE_INTERVAL_MS = 1000 / 30;
const SMALL_INTERVAL_MS = 1000 / 15;
/** How near the pointer has to be to an end point, in CSS pixels. */
const REACH_PX = 10;

const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)');

function sceneOf(sourceId: string, alone: boolean): OverlayScene {
  const source = sourceById(sourceId);
  const media = source?.media ?? null;
  const { draft } = useGround.getState();
  const settings = source === null || media === null ? source?.settings : onPicture(source.settings, media);
  const drawn = draft?.sourceId === sourceId ? { points: draft.points, sides: ['A', 'B'] } : null;
  const calibration = settings?.calibration;
  const known = calibration && {
    points: calibration.points.map(({ image }) => image),
    sides: sideWords(calibration),
  };
  return {
    runId: source?.runId ?? null,
    source: media,
    lines: settings?.lines ?? [],
    zones: settings?.zones ?? [],
    gates: settings?.gates ?? [],
    ground: drawn ?? known ?? null,
    changes: source?.changes ?? [],
    regions: settings?.regions ?? null,
    counts: source?.progress?.counts ?? null,
    goingOn: source !== null && isGoingOn(source),
    alone: (source?.live?.runs ?? 1) <= 1,
    editor: useEditor.getState().state,
    editable: alone,
    reducedMotion: reducedMotion.matches,
  };
}

/** One source on the wall: its picture, what is drawn over it, its state and the age of the picture. */
export function Tile({ source, alone }: TileProps): ReactElement {
  const { sourceId } = source;
  const picture = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const painter = useRef<TilePainter | null>(null);
  const status = usePictures((store) => store.bySource[sourceId]) ?? null;
  const chosen = useChoice((store) => store.sourceId === sourceId);
  const drawing = useEditor((store) => store.state.kind !== 'idle');

  useEffect(() => {
    if (picture.current === null || overlay.current === null) return;
    const made = new TilePainter(
      {
        picture: picture.current,
        overlay: overlay.current,
        feed: feedOf(sourceId),
        scene: () => sceneOf(sourceId, alone),
      },
      alone ? LARGE_INTERVAL_MS : SMALL_INTERVAL_MS,
    );
    painter.current = made;
    const observer = new ResizeObserver(([entry]) => {
      const size = entry?.devicePixelContentBoxSize[0];
      if (size !== undefined) made.resize({ width: size.inlineSize, height: size.blockSize });
    });
    // Screen pixels, not CSS pixels: a window moved to a sharper screen is drawn anew.
    observer.observe(overlay.current, { box: 'device-pixel-content-box' });
    const wake = (): void => made.schedule();
    const stops = [useEditor.subscribe(wake), useAppState.subscribe(wake), useGround.subscribe(wake)];
    return () => {
      painter.current = null;
      observer.disconnect();
      for (const stop of stops) stop();
      made.stop();
    };
  }, [sourceId, alone]);

  const send = (kind: 'pointer-down' | 'pointer-moved' | 'pointer-up', event: PointerEvent): void => {
    const at = painter.current?.pointAt(event.clientX, event.clientY) ?? null;
    const scene = editorScene(source, painter.current?.reach(REACH_PX) ?? 1);
    if (!alone || at === null || scene === null || (kind === 'pointer-down' && event.button !== 0)) return;
    const editorEvent: EditorEvent =
      kind === 'pointer-down' ? { kind, at, more: event.shiftKey } : { kind, at };
    for (const effect of useEditor.getState().step(editorEvent, scene)) applyEdit(source, effect);
    if (event.currentTarget instanceof HTMLElement) {
      const free = useEditor.getState().state.kind === 'idle';
      const near = free && handleAt(scene.shapes, at, scene.reach) !== null;
      event.currentTarget.dataset.cursor = free ? (near ? 'grab' : '') : 'draw';
    }
  };

  const state = sourceStateOf(source);
  // While the source is opened (again), what is on show is from before.
  const before = source.state !== 'LIVE' && status !== null;
  const badged = source.state === 'BLACK' || source.state === 'FROZEN';
  // A live source that is not live says why over its picture; black and frozen ones still have one to look at.
  const troubled = source.live !== null && isGoingOn(source) && source.state !== 'LIVE' && !badged;
  const stale = isGoingOn(source) && ((before && !badged) || (status?.ageMs ?? 0) > staleMs(source));
  return (
    <section
      className="tile"
      data-chosen={chosen && !alone}
      data-stale={stale}
      aria-label={`Picture of ${source.title}`}
    >
      <div className="tile-stage">
        <canvas ref={picture} className="tile-picture" data-testid="picture" data-source={sourceId} />
        <canvas
          ref={overlay}
          className="tile-overlay"
          data-drawing={drawing && alone}
          data-testid="overlay"
          onPointerDown={(event) => {
            if (alone) event.currentTarget.setPointerCapture(event.pointerId);
            else useChoice.getState().choose(sourceId);
            send('pointer-down', event);
          }}
          onPointerMove={(event) => send('pointer-moved', event)}
          onPointerUp={(event) => send('pointer-up', event)}
          onDoubleClick={() => !alone && enlarge(sourceId)}
        />
        {status === null && !troubled ? <Placeholder source={source} /> : null}
        {troubled ? <TileCause source={source} ageMs={status?.ageMs ?? null} /> : null}
        <TileBadge source={source} />
        {stale && !troubled && status?.ageMs != null ? (
          <p className="tile-stale" role="status">
            The picture is {ageWords(status.ageMs)} old
          </p>
        ) : null}
      </div>
      {source.live === null ? null : <GapStrip live={source.live} title={source.title} />}
      {alone ? null : (
        <div className="tile-head">
          <bdi className="tile-title" title={source.title}>
            {source.title}
          </bdi>
          <Button
            look="bare"
            size="small"
            icon="one"
            label={`Enlarge ${source.title}`}
            onClick={() => enlarge(sourceId)}
          />
        </div>
      )}
      <div className="tile-strip">
        <StateChip words={state.words} tone={state.tone} />
        <PictureWords source={source} status={status} />
      </div>
    </section>
  );
}

function enlarge(sourceId: string): void {
  useChoice.getState().choose(sourceId);
  useChoice.getState().lay('one');
}

function Placeholder({ source }: { readonly source: SourceView }): ReactElement {
  if (source.fault !== null) {
    return (
      <div className="tile-placeholder" data-tone="bad">
        <Icon name="warn" size={24} />
        <p className="tile-fault">{source.fault.title}</p>
        <p className="tile-wide">{source.fault.whatToDo}</p>
      </div>
    );
  }
  const waiting = isGoingOn(source) ? 'Waiting for the first picture…' : 'No picture to show';
  return (
    <div className="tile-placeholder">
      <p>{source.state === 'READY' ? 'Not started yet' : waiting}</p>
    </div>
  );
}

interface PictureWordsProps {
  readonly source: SourceView;
  readonly status: PictureStatus | null;
}

function PictureWords({ source, status }: PictureWordsProps): ReactElement | null {
  if (status === null) return null;
  if (!isGoingOn(source)) {
    const words = status.ptsMs === null ? 'last picture' : `picture at ${durationWords(status.ptsMs)}`;
    return <span className="tile-figures number">{words}</span>;
  }
  const rates = source.live === null ? '' : ratesLine(source);
  return (
    <span className="tile-figures number">
      {rates === '' ? null : <span className="tile-wide">{rates}</span>}
      <span title="Pictures drawn per second">
        {status.fps.toFixed(0)}
        /s<span className="tile-wide"> drawn</span>
      </span>
      {status.ageMs === null ? null : (
        <span title="Time since the frame on show was decoded">
          <span className="tile-wide">picture </span>
          {ageWords(status.ageMs)} old
        </span>
      )}
    </span>
  );
}
