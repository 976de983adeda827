import { useEffect, useMemo, useState } from 'react';
import type { CountedCrossing } from '#shared/domain/correction.ts';
import { inquire } from '../../bridge.ts';

const AT_ONCE = 32;

/** A JPEG as something an image can show; given back by the caller. */
export function blobOf(jpeg: Uint8Array): string {
  return URL.createObjectURL(new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' }));
}

/** A JPEG as an address, for as long as it is on show. */
export function useBlob(jpeg: Uint8Array | null): string | null {
  const url = useMemo(() => (jpeg === null ? null : blobOf(jpeg)), [jpeg]);
  useEffect(
    () => () => {
      if (url !== null) URL.revokeObjectURL(url);
    },
    [url],
  );
  return url;
}

/** Pictures of one list: what was asked for, and what has to be given back when the list is gone. */
interface Shelf {
  readonly asked: Set<number>;
  readonly urls: string[];
  open: boolean;
}

/** Small pictures of the rows in view, by crossing number; fetched when they come into view. */
export function useThumbnails(
  runId: number,
  inView: readonly CountedCrossing[],
): ReadonlyMap<number, string> {
  const [pictures, setPictures] = useState<ReadonlyMap<number, string>>(new Map());
  const [shelf, setShelf] = useState<Shelf | null>(null);
  useEffect(() => {
    // Another run, other pictures under the same numbers.
    const fresh: Shelf = { asked: new Set(), urls: [], open: runId > 0 };
    setShelf(fresh);
    setPictures(new Map());
    return () => {
      fresh.open = false;
      for (const url of fresh.urls) URL.revokeObjectURL(url);
    };
  }, [runId]);
  useEffect(() => {
    if (shelf === null) return;
    const wanted = inView.flatMap(({ number, pictures: kept }) =>
      number !== null && kept.includes('crop') && !shelf.asked.has(number) ? [number] : [],
    );
    for (let from = 0; from < wanted.length; from += AT_ONCE) {
      void fetchInto(shelf, runId, wanted.slice(from, from + AT_ONCE), (found) =>
        setPictures((before) => new Map([...before, ...found])),
      );
    }
  }, [runId, inView, shelf]);
  return pictures;
}

async function fetchInto(
  shelf: Shelf,
  runId: number,
  numbers: readonly number[],
  keep: (found: readonly (readonly [number, string])[]) => void,
): Promise<void> {
  for (const number of numbers) shelf.asked.add(number);
  try {
    const { pictures } = await inquire('pictures.list', { runId, kind: 'crop', numbers: [...numbers] });
    if (!shelf.open) return;
    const found = pictures.map(({ number, jpeg }) => [number, blobOf(jpeg)] as const);
    shelf.urls.push(...found.map(([, url]) => url));
    keep(found);
  } catch {
    // Asked for again when they next come into view.
    for (const number of numbers) shelf.asked.delete(number);
  }
}
