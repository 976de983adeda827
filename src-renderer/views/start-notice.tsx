import type { ReactElement } from 'react';
import type { StartNote } from '#shared/domain/app-state.ts';
import { startNormally } from '../actions.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import './start-notice.css';

const WORDS = {
  safe: {
    title: 'Safe mode: sources are stopped',
    explanation:
      'Cameras and watched folders wait, and no graphics card is used. Look at the log for the cause, change what is wrong, then start normally. Single sources can be started here.',
  },
  'software-graphics': {
    title: 'The window is drawn without the graphics card',
    explanation:
      'Everything works, but many pictures at once may be slow. Update the driver of the graphics card, then start normally.',
  },
} as const;

/** How this start differs from a usual one, and the way back. */
export function StartNotice({ kind, cause }: StartNote): ReactElement {
  const { title, explanation } = WORDS[kind];
  return (
    <div className="start-notice" role="status" data-testid="start-notice" data-kind={kind}>
      <Icon name="warn" />
      <div className="start-notice-words">
        <p className="start-notice-title">{title}</p>
        <p>
          {cause}. {explanation}
        </p>
      </div>
      <Button data-testid="start-normally" onClick={startNormally}>
        Start normally
      </Button>
    </div>
  );
}
