import type { ReactElement } from 'react';

const PAIRS_IN_A_ROW = 8;

/** A certificate's SHA-256 in rows that an eye can compare. */
export function Fingerprint({ fingerprint }: { readonly fingerprint: string }): ReactElement {
  const pairs = fingerprint.split(':');
  const rows = Array.from({ length: Math.ceil(pairs.length / PAIRS_IN_A_ROW) }, (_, row) =>
    pairs.slice(row * PAIRS_IN_A_ROW, (row + 1) * PAIRS_IN_A_ROW).join(':'),
  );
  return (
    <code className="add-fingerprint selectable" data-testid="fingerprint" data-fingerprint={fingerprint}>
      {rows.map((row) => (
        <span key={row}>{row}</span>
      ))}
    </code>
  );
}
