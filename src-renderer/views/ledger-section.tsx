import type { ReactElement } from 'react';
import { dropReasonSchema, type Ledger, ledgerCloses } from '#shared/domain/drop-reason.ts';
import { dropWords } from '../figures/drop-words.ts';
import { countWords } from '../figures/words.ts';
import { Icon } from '../ui/icon.tsx';

interface LedgerSectionProps {
  readonly ledger: Ledger | null;
  readonly goingOn: boolean;
}

/** Where every decoded frame went. */
export function LedgerSection({ ledger, goingOn }: LedgerSectionProps): ReactElement | null {
  if (ledger === null) return null;
  const closes = ledgerCloses(ledger);
  return (
    <section className="section" aria-label="Frames">
      <h2 className="heading">Frames</h2>
      <dl className="ledger number" data-testid="ledger">
        <Row name="Decoded" count={ledger.decoded} />
        <Row name="Processed" count={ledger.processed} />
        {dropReasonSchema.options.map((reason) => {
          const count = ledger.dropped[reason] ?? 0;
          return count === 0 ? null : (
            <Row key={reason} name={`Dropped: ${dropWords[reason]}`} count={count} />
          );
        })}
        {ledger.inFlight === 0 && !goingOn ? null : <Row name="In hand" count={ledger.inFlight} />}
      </dl>
      <p className="ledger-sum" data-closes={closes} data-testid="ledger-sum">
        <Icon name={closes ? 'done' : 'warn'} size={13} />
        {closes
          ? 'Every decoded frame is accounted for.'
          : 'These numbers do not add up: please report this.'}
      </p>
    </section>
  );
}

function Row({ name, count }: { readonly name: string; readonly count: number }): ReactElement {
  return (
    <div className="ledger-row">
      <dt>{name}</dt>
      <dd>{countWords(count)}</dd>
    </div>
  );
}
