import { create } from 'zustand';
import type { Point } from '#shared/domain/point.ts';

interface GroundStore {
  /** Four corners on the picture of a source whose lengths on the ground are still to be told; null: none. */
  readonly draft: { readonly sourceId: string; readonly points: readonly Point[] } | null;
  readonly draw: (sourceId: string, points: readonly Point[]) => void;
  readonly drop: () => void;
}

/** A rectangle on the ground between its drawing and its metres. */
export const useGround = create<GroundStore>((set) => ({
  draft: null,
  draw: (sourceId, points) => set({ draft: { sourceId, points } }),
  drop: () => set({ draft: null }),
}));
