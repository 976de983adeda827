import { type ReactElement, useLayoutEffect, useRef, useState } from 'react';
import type { SourceView } from '#shared/domain/source.ts';
import { useChoice } from '../stores/choice-store.ts';
import { Tile } from './tile.tsx';
import { columnsFor } from './wall-columns.ts';
import { WallToolbar } from './wall-toolbar.tsx';
import './wall.css';

interface WallProps {
  readonly sources: readonly SourceView[];
  readonly chosen: SourceView;
}

/** The chosen source large, or all of them in a grid. */
export function Wall({ sources, chosen }: WallProps): ReactElement {
  const layout = useChoice((store) => store.layout);
  const several = layout === 'all' && sources.length > 1;
  return (
    <main className="wall" aria-label="Pictures">
      <WallToolbar source={chosen} canLay={sources.length > 1} />
      {several ? <Grid sources={sources} /> : <Tile key={chosen.sourceId} source={chosen} alone={true} />}
    </main>
  );
}

/** All sources, in as many columns as make their pictures largest. */
function Grid({ sources }: { readonly sources: readonly SourceView[] }): ReactElement {
  const grid = useRef<HTMLDivElement>(null);
  const [columns, setColumns] = useState(() => Math.ceil(Math.sqrt(sources.length)));
  const tiles = sources.length;
  useLayoutEffect(() => {
    const element = grid.current;
    if (element === null) return;
    const lay = (): void =>
      setColumns(columnsFor(tiles, { width: element.clientWidth, height: element.clientHeight }));
    lay();
    const observer = new ResizeObserver(lay);
    observer.observe(element);
    return () => observer.disconnect();
  }, [tiles]);
  return (
    <div
      ref={grid}
      className="wall-grid"
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      {sources.map((source) => (
        <Tile key={source.sourceId} source={source} alone={false} />
      ))}
    </div>
  );
}
