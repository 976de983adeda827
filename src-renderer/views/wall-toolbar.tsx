import type { ReactElement } from 'react';
import type { RunMode } from '#shared/domain/run.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { configure } from '../actions.ts';
import { DRAWINGS, type EditorTool } from '../editor/drawings.ts';
import type { EditorState } from '../editor/editor-state.ts';
import { chooseTool } from '../editor-tool.ts';
import { isGoingOn } from '../figures/run-figures.ts';
import { type Layout, useChoice } from '../stores/choice-store.ts';
import { useEditor } from '../stores/editor-store.ts';
import { Button } from '../ui/button.tsx';
import type { IconName } from '../ui/icon.tsx';
import { Segments } from '../ui/segments.tsx';

interface WallToolbarProps {
  readonly source: SourceView;
  readonly canLay: boolean;
}

const MODES: readonly { value: RunMode; words: string; title: string }[] = [
  { value: 'analyse', words: 'Analyse', title: 'Every frame, as fast as this computer can' },
  { value: 'play', words: 'Play', title: 'At real speed; frames are left out when detection is slower' },
];

const TOOLS: readonly { tool: EditorTool; icon: IconName; name: string; words: string; title: string }[] = [
  {
    tool: 'line',
    icon: 'line',
    name: 'Draw line',
    words: 'Line',
    title: 'Draw a counting line on the picture (L)',
  },
  { tool: 'zone', icon: 'zone', name: 'Draw zone', words: 'Zone', title: 'Draw a zone on the picture (Z)' },
  {
    tool: 'gate',
    icon: 'gate',
    name: 'Draw gate',
    words: 'Gate',
    title: 'Draw a gate: where things come in and go out, for turning counts (D)',
  },
  {
    tool: 'ground',
    icon: 'ruler',
    name: 'Mark a rectangle on the ground',
    words: 'Ground',
    title: 'Mark a rectangle on the ground whose sides you know, for speeds (R)',
  },
];

const LAYOUTS: readonly { value: Layout; words: string; title: string }[] = [
  { value: 'one', words: 'One', title: 'The chosen source, large (G)' },
  { value: 'all', words: 'All', title: 'All sources side by side (G)' },
];

const LIVE_AGAIN = ' It is counted from then on.';

/** Title of the picture, mode, drawing tools and layout; below it, what the tool in hand wants next. */
export function WallToolbar({ source, canLay }: WallToolbarProps): ReactElement {
  const layout = useChoice((store) => store.layout);
  const editor = useEditor((store) => store.state);
  const hint = useEditor((store) => store.hint);
  // In the grid a tool enlarges the chosen picture first, as its key does.
  const canDraw = source.media !== null;
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
            {/* What a camera says of its rate is often not what it sends; that is measured, and shown elsewhere. */}
            {media.fps === null || source.live !== null ? '' : ` · ${Number(media.fps.toFixed(2))} frames/s`}
          </span>
        )}
      </div>
      <div className="wall-tools">
        {TOOLS.map(({ tool, icon, name, words, title }) => (
          <Button
            key={tool}
            icon={icon}
            disabled={!canDraw}
            aria-label={name}
            aria-pressed={editor.kind === 'drawing' && editor.tool === tool}
            title={title}
            data-testid={`draw-${tool}-button`}
            onClick={() => chooseTool(tool)}
          >
            <span className="wall-wide">{words}</span>
          </Button>
        ))}
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

function toolWords(editor: EditorState): string {
  if (editor.kind === 'idle') return '';
  if (editor.kind === 'dragging') return 'Let go to move the point here. Esc cancels.';
  const { tool, points } = editor;
  const { noun, outline, whole } = DRAWINGS[tool];
  if (tool === 'ground') return groundWords(points.length);
  if (outline === 'box') {
    return points.length === 0
      ? `Click one corner of the ${noun}. Esc cancels.`
      : 'Click the opposite corner.';
  }
  if (outline === 'path') {
    if (points.length === 0) return `Click where the ${noun} starts. Esc cancels.`;
    const side = tool === 'gate' ? 'which way is in' : 'which way counts as forward';
    return `Click where it ends, with Shift where it bends. The arrow shows ${side}.`;
  }
  return points.length < 3 || whole !== null
    ? `Click the corners of the ${noun} one by one. Esc takes back the last.`
    : `Click the first corner or press Enter to close the ${noun}.`;
}

const CORNERS = [
  'one corner',
  'the next corner along side A',
  'the third corner, along side B',
  'the last corner',
];

function groundWords(set: number): string {
  const corner = CORNERS[set] ?? 'the last corner';
  const what = set === 0 ? ' of a rectangle on the ground whose sides you know in metres' : '';
  return `Click ${corner}${what}. ${set === 0 ? 'Esc cancels.' : 'Esc takes back the last.'}`;
}
