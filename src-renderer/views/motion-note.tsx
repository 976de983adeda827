import type { ReactElement } from 'react';
import type { SourceView } from '#shared/domain/source.ts';
import { motionWords } from '../figures/motion-words.ts';
import { Icon } from '../ui/icon.tsx';
import './motion-note.css';

/** Above the counts: that they may be too low, where the source is looked at too rarely for what moves there. */
export function MotionNote({ source }: { readonly source: SourceView }): ReactElement | null {
  const words = motionWords(source.progress ?? {});
  if (words === null) return null;
  return (
    <p className="motion-note" role="status" data-testid="motion-note">
      <Icon name="warn" size={16} />
      <span>{words}</span>
    </p>
  );
}
