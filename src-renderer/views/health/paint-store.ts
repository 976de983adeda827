import { create } from 'zustand';
import { usePage } from '../../stores/page-store.ts';
import { type PictureStatus, usePictures } from '../../stores/picture-store.ts';

export interface PaintFigures {
  readonly fps: number;
  readonly paint: PictureStatus['paint'];
}

interface PaintStore {
  readonly bySource: Readonly<Record<string, PaintFigures>>;
}

/** The last figures of each picture while it was being painted: the wall is not there when others are looked at. */
export const usePaint = create<PaintStore>(() => ({ bySource: {} }));

usePictures.subscribe(({ bySource }) => {
  // Leaving the wall makes the rates fall; that says nothing of how it was.
  if (usePage.getState().page !== 'watch') return;
  const painted = Object.entries(bySource).filter(([, { fps }]) => fps > 0);
  if (painted.length === 0) return;
  const figures = painted.map(([sourceId, { fps, paint }]) => [sourceId, { fps, paint }] as const);
  usePaint.setState((before) => ({ bySource: { ...before.bySource, ...Object.fromEntries(figures) } }));
});
