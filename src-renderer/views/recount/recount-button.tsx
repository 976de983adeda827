import type { ReactElement } from 'react';
import type { SourceView } from '#shared/domain/source.ts';
import { isWanted } from '../../figures/run-figures.ts';
import { useOpened } from '../../stores/opened-store.ts';
import { Button } from '../../ui/button.tsx';

/** Leads to the count by hand, where there is a count to hold it against. */
export function RecountButton({ source }: { readonly source: SourceView }): ReactElement | null {
  const { sourceId, runId, live, settings } = source;
  if (runId === null || settings.lines.length === 0) return null;
  return (
    <Button
      size="small"
      look="bare"
      icon="keys"
      disabled={live === null && isWanted(source)}
      title="Count by hand and compare with the machine"
      data-testid="recount-button"
      onClick={() => useOpened.getState().open({ kind: 'recount', sourceId })}
    >
      Check by hand
    </Button>
  );
}
