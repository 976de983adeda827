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

/** A row by its run and number: numbers begin anew with every run. */
export function nameOf({ runId, number, added }: CountedCrossing): string {
  return number === null ? `added ${added?.correctionId ?? ''}` : `${runId} ${number}`;
}

/** Pictures of one list: what was asked for, and what has to be given back when the list is gone. */
interface Shelf {
  readonly asked: Set<string>;
  readonly urls: string[];
  open: boolean;
}

/** Small pictures of the rows in view, by the names of their crossings; fetched when they come into view. */
export function useThumbnails(inView: readonly CountedCrossing[]): ReadonlyMap<string, string> {
  const [pictures, setPictures] = useState<ReadonlyMap<string, string>>(new Map());
  const [shelf, setShelf] = useState<Shelf | null>(null);
  useEffect(() => {
    const fresh: Shelf = { asked: new Set(), urls: [], open: true };
    setShelf(fresh);
    return () => {
      fresh.open = false;
      for (const url of fresh.urls) URL.revokeObjectURL(url);
    };
  }, []);
  useEffect(() => {
    if (shelf === null) return;
    const wanted = inView.filter((row) => row.pictures.includes('crop') && !shelf.asked.has(nameOf(row)));
    for (const [runId, rows] of Map.groupBy(wanted, (row) => row.runId)) {
      for (let from = 0; from < rows.length; from += AT_ONCE) {
        void fetchInto(shelf, runId, rows.slice(from, from + AT_ONCE), (found) =>
          setPictures((before) => new Map([...before, ...found])),
        );
      }
    }
  }, [inView, shelf]);
  return pictures;
}

async function fetchInto(
  shelf: Shelf,
  runId: number,
  rows: readonly CountedCrossing[],
  keep: (found: readonly (readonly [string, string])[]) => void,
): Promise<void> {
  for (const row of rows) shelf.asked.add(nameOf(row));
  try {
    const numbers = rows.flatMap(({ number }) => (number === null ? [] : [number]));
    const { pictures } = await inquire('pictures.list', { runId, kind: 'crop', numbers });
    if (!shelf.open) return;
    const found = pictures.map(({ number, jpeg }) => [`${runId} ${number}`, blobOf(jpeg)] as const);
    shelf.urls.push(...found.map(([, url]) => url));
    keep(found);
  } catch {
    // Asked for again when they next come into view.
    for (const row of rows) shelf.asked.delete(nameOf(row));
  }
}
