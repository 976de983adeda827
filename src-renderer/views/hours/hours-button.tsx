import type { ReactElement } from 'react';
import type { SourceView } from '#shared/domain/source.ts';
import { hasHours } from '../../figures/hour-figures.ts';
import { useOpened } from '../../stores/opened-store.ts';
import { Button } from '../../ui/button.tsx';

/** Leads to the counts by the hour, where there are any. */
export function HoursButton({ source }: { readonly source: SourceView }): ReactElement | null {
  if (!hasHours(source)) return null;
  return (
    <Button
      size="small"
      look="bare"
      icon="bars"
      title="Counts by the hour and by the day (H)"
      data-testid="hours-button"
      onClick={() => useOpened.getState().open({ kind: 'hours', sourceId: source.sourceId })}
    >
      By the hour
    </Button>
  );
}
