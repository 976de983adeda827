import type { ReactElement } from 'react';
import type { SourceView } from '#shared/domain/source.ts';
import { useChoice } from '../stores/choice-store.ts';
import { Tile } from './tile.tsx';
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
  const columns = Math.ceil(Math.sqrt(sources.length));
  return (
    <main className="wall" aria-label="Pictures">
      <WallToolbar source={chosen} canLay={sources.length > 1} />
      {several ? (
        <div className="wall-grid" style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
          {sources.map((source) => (
            <Tile key={source.sourceId} source={source} alone={false} />
          ))}
        </div>
      ) : (
        <Tile key={chosen.sourceId} source={chosen} alone={true} />
      )}
    </main>
  );
}
