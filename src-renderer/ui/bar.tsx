import type { ReactElement } from 'react';

interface BarProps {
  /** 0..1, or null when it is not known how much there is. */
  readonly share: number | null;
  readonly tone: string;
  readonly label: string;
  readonly busy: boolean;
  readonly testId?: string;
}

export function Bar({ share, tone, label, busy, testId }: BarProps): ReactElement {
  const percent = share === null ? undefined : Math.floor(share * 100);
  return (
    <div
      className="bar"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      data-tone={tone}
      data-unknown={share === null && busy}
      data-testid={testId}
    >
      <div
        className="bar-fill"
        style={share === null ? undefined : { inlineSize: `${(share * 100).toFixed(2)}%` }}
        hidden={share === null && !busy}
      />
    </div>
  );
}
