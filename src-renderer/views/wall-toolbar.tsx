import type { ReactElement } from 'react';
import type { RunMode } from '#shared/domain/run.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { configure } from '../actions.ts';
import type { EditorState } from '../editor/editor-state.ts';
import { chooseTool } from '../editor-tool.ts';
import { isGoingOn } from '../figures/run-figures.ts';
import { type Layout, useChoice } from '../stores/choice-store.ts';
import { useEditor } from '../stores/editor-store.ts';
import { Button } from '../ui/button.tsx';
import { Segments } from '../ui/segments.tsx';

interface WallToolbarProps {
  readonly source: SourceView;
  readonly several: boolean;
  readonly canLay: boolean;
}

const MODES: readonly { value: RunMode; words: string; title: string }[] = [
  { value: 'analyse', words: 'Analyse', title: 'Every frame, as fast as this computer can' },
  { value: 'play', words: 'Play', title: 'At real speed; frames are left out when detection is slower' },
];

const LAYOUTS: readonly { value: Layout; words: string; title: string }[] = [
  { value: 'one', words: 'One', title: 'The chosen source, large (G)' },
  { value: 'all', words: 'All', title: 'All sources side by side (G)' },
];

const LIVE_AGAIN = ' It is counted from then on.';

/** Title of the picture, mode, drawing tools and layout; below it, what the tool in hand wants next. */
export function WallToolbar({ source, several, canLay }: WallToolbarProps): ReactElement {
  const layout = useChoice((store) => store.layout);
  const editor = useEditor((store) => store.state);
  const hint = useEditor((store) => store.hint);
  const canDraw = !several && source.media !== null;
  const { media } = source;
  return (
    <div className="wall-toolbar">
      {editor.kind === 'idle' ? null : (
        <p className="wall-hint" role="status" data-warn={hint !== ''}>
          {hint === '' ? toolWords(editor) : hint}
          {isGoingOn(source) ? (source.live === null ? ' The analysis then starts again.' : LIVE_AGAIN) : ''}
        </p>
      )}
      <div className="wall-name" hidden={editor.kind !== 'idle'}>
        <h1 className="wall-title">
          <bdi title={source.path}>{source.title}</bdi>
        </h1>
        {media === null ? null : (
          <span className="wall-media number">
            {media.width} × {media.height}
            {media.fps === null ? '' : ` · ${Number(media.fps.toFixed(2))} frames/s`}
          </span>
        )}
      </div>
      <div className="wall-tools">
        <Button
          icon="line"
          disabled={!canDraw}
          aria-label="Draw line"
          aria-pressed={editor.kind === 'drawing-line'}
          title="Draw a counting line on the picture (L)"
          data-testid="draw-line-button"
          onClick={() => chooseTool('line')}
        >
          <span className="wall-wide">Draw line</span>
        </Button>
        <Button
          icon="zone"
          disabled={!canDraw}
          aria-label="Draw zone"
          aria-pressed={editor.kind === 'drawing-zone' && editor.purpose === 'zone'}
          title="Draw a zone on the picture (Z)"
          onClick={() => chooseTool('zone')}
        >
          <span className="wall-wide">Draw zone</span>
        </Button>
        {source.live === null ? (
          <Segments
            label="Mode"
            value={source.settings.mode}
            options={MODES}
            onChange={(mode) => configure(source, { mode })}
          />
        ) : null}
        {canLay ? (
          <Segments
            label="Layout"
            value={layout}
            options={LAYOUTS}
            onChange={(next) => {
              useEditor.getState().putAway();
              useChoice.getState().lay(next);
            }}
          />
        ) : null}
      </div>
    </div>
  );
}

const AREAS = {
  zone: 'zone',
  include: 'area that is looked at',
  exclude: 'area that is left out',
} as const;

function toolWords(editor: EditorState): string {
  switch (editor.kind) {
    case 'drawing-line':
      return editor.start === null
        ? 'Click where the line starts. Esc cancels.'
        : 'Click where it ends. The arrow shows which way counts as forward.';
    case 'drawing-zone':
      return editor.points.length < 3
        ? `Click the corners of the ${AREAS[editor.purpose]} one by one. Esc takes back the last.`
        : `Click the first corner or press Enter to close the ${AREAS[editor.purpose]}.`;
    case 'drawing-crop':
      return editor.start === null
        ? 'Click one corner of the cut-out. Esc cancels.'
        : 'Click the opposite corner.';
    case 'dragging-point':
      return 'Let go to move the end of the line here. Esc cancels.';
    case 'idle':
      return '';
  }
}
