import type { ReactElement } from 'react';
import type { Regions } from '#shared/domain/run.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { configure } from '../actions.ts';
import { NO_REGIONS } from '../editor/apply.ts';
import { chooseTool } from '../editor-tool.ts';
import { useEditor } from '../stores/editor-store.ts';
import { Button } from '../ui/button.tsx';

/** Which part of the picture is looked at: masks and the cut-out, each drawn on the picture. */
export function RegionsSection({ source }: { readonly source: SourceView }): ReactElement {
  const regions = source.settings.regions ?? NO_REGIONS;
  const tool = useEditor((store) => store.state);
  const inHand = tool.kind === 'drawing' ? tool.tool : null;
  const change = (changed: Partial<Regions>): void =>
    configure(source, { regions: { ...regions, ...changed } });
  const without = (which: 'include' | 'exclude', index: number): void =>
    change({ [which]: regions[which].filter((_, i) => i !== index) });
  const empty = regions.include.length === 0 && regions.exclude.length === 0 && regions.crop === null;
  return (
    <section className="section" aria-label="Looked at">
      <h2 className="heading">Part of the picture</h2>
      {empty ? <p className="section-empty">The whole picture is looked at.</p> : null}
      <ul className="regions">
        {regions.crop === null ? null : (
          <Region
            kind="crop"
            words={`Cut-out of ${Math.round(regions.crop.x2 - regions.crop.x1)} × ${Math.round(regions.crop.y2 - regions.crop.y1)}`}
            onRemove={() => change({ crop: null })}
          />
        )}
        {regions.include.map((polygon, index) => (
          <Region
            key={JSON.stringify(polygon)}
            kind="include"
            words={`Only inside area ${index + 1}`}
            onRemove={() => without('include', index)}
          />
        ))}
        {regions.exclude.map((polygon, index) => (
          <Region
            key={JSON.stringify(polygon)}
            kind="exclude"
            words={`Never inside area ${index + 1}`}
            onRemove={() => without('exclude', index)}
          />
        ))}
      </ul>
      <div className="region-tools">
        {(['exclude', 'include', 'crop'] as const).map((purpose) => (
          <Button
            key={purpose}
            size="small"
            disabled={source.media === null}
            aria-pressed={inHand === purpose}
            title={TITLES[purpose]}
            data-testid={`draw-${purpose}-button`}
            onClick={() => chooseTool(purpose)}
          >
            {WORDS[purpose]}
          </Button>
        ))}
      </div>
    </section>
  );
}

type Purpose = 'include' | 'exclude' | 'crop';

const WORDS: Readonly<Record<Purpose, string>> = {
  exclude: 'Leave out…',
  include: 'Only here…',
  crop: 'Cut out…',
};

const TITLES: Readonly<Record<Purpose, string>> = {
  exclude: 'Draw an area in which nothing is looked for (M)',
  include: 'Draw an area outside of which nothing is looked for',
  crop: 'Draw a rectangle: only it is looked at, at full resolution',
};

interface RegionProps {
  readonly kind: Purpose;
  readonly words: string;
  readonly onRemove: () => void;
}

function Region({ kind, words, onRemove }: RegionProps): ReactElement {
  return (
    <li className="region">
      <span className="region-mark" data-kind={kind} />
      <span>{words}</span>
      <Button look="bare" size="small" icon="remove" label={`Remove: ${words}`} onClick={onRemove} />
    </li>
  );
}
