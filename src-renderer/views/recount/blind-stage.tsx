import { type ReactElement, useEffect, useRef } from 'react';
import { onPicture } from '#shared/domain/drawn-on.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { IDLE } from '../../editor/editor-state.ts';
import { feedOf } from '../../live/feeds.ts';
import type { OverlayScene } from '../../overlay/overlay-scene.ts';
import { TilePainter } from '../../overlay/tile-painter.ts';
import { sourceById } from '../../stores/app-state-store.ts';

const INTERVAL_MS = 1000 / 30;

function sceneOf(sourceId: string): OverlayScene {
  const source = sourceById(sourceId);
  const media = source?.media ?? null;
  const settings = source === null || media === null ? source?.settings : onPicture(source.settings, media);
  return {
    runId: source?.runId ?? null,
    source: media,
    lines: settings?.lines ?? [],
    zones: [],
    gates: [],
    ground: null,
    changes: [],
    regions: null,
    counts: null,
    goingOn: true,
    editor: IDLE,
    alone: true,
    editable: false,
    reducedMotion: true,
    blind: true,
  };
}

interface BlindStageProps {
  readonly source: SourceView;
  /** The picture on show is still one of before. */
  readonly waiting: boolean;
}

/** The picture with its lines and nothing of what the machine found. */
export function BlindStage({ source, waiting }: BlindStageProps): ReactElement {
  const { sourceId } = source;
  const picture = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (picture.current === null || overlay.current === null) return;
    const painter = new TilePainter(
      {
        picture: picture.current,
        overlay: overlay.current,
        feed: feedOf(sourceId),
        scene: () => sceneOf(sourceId),
      },
      INTERVAL_MS,
    );
    const observer = new ResizeObserver(([entry]) => {
      const size = entry?.devicePixelContentBoxSize[0];
      if (size !== undefined) painter.resize({ width: size.inlineSize, height: size.blockSize });
    });
    observer.observe(overlay.current, { box: 'device-pixel-content-box' });
    return () => {
      observer.disconnect();
      painter.stop();
    };
  }, [sourceId]);
  return (
    <div className="blind-stage">
      <canvas ref={picture} data-testid="recount-picture" />
      <canvas ref={overlay} />
      {waiting ? <p className="blind-waiting">Waiting for the first picture…</p> : null}
    </div>
  );
}
