import type { ReactElement, ReactNode } from 'react';
import { Button } from '../ui/button.tsx';

interface OpenedHeadProps {
  readonly title: ReactNode;
  readonly onLeave: () => void;
  /** Of the button that leads back. */
  readonly testId: string;
  /** Whether Esc does the same. */
  readonly byEscape?: boolean;
  /** What stands at the end of the line. */
  readonly children?: ReactNode;
}

/** The head of a page that is opened out of the pictures: the way back, and what it is about. */
export function OpenedHead({
  title,
  onLeave,
  testId,
  byEscape = true,
  children,
}: OpenedHeadProps): ReactElement {
  const words = `Back to the pictures${byEscape ? ' (Esc)' : ''}`;
  return (
    <div className="evidence-head">
      <Button icon="back" title={words} data-testid={testId} onClick={onLeave}>
        Back
      </Button>
      <h1 className="evidence-title">{title}</h1>
      {children}
    </div>
  );
}
