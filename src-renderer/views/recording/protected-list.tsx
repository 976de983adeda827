import type { ReactElement } from 'react';
import type { ProtectedRange } from '#shared/domain/recording.ts';
import { ask } from '../../bridge.ts';
import { rangeWords } from '../../figures/recording-words.ts';
import { Button } from '../../ui/button.tsx';

/** Times of a source that nobody may delete, the newest first; each can be let go. */
export function ProtectedList({ ranges }: { readonly ranges: readonly ProtectedRange[] }): ReactElement {
  return (
    <div className="protected">
      <p className="protected-head">
        Protected times <span className="number">{ranges.length === 0 ? '' : ranges.length}</span>
      </p>
      {ranges.length === 0 ? (
        <p className="recording-note">None. Recordings of a protected time are never deleted by ivis.</p>
      ) : (
        <ul className="protected-list" data-testid="protected-list">
          {ranges.toReversed().map((range) => (
            <li
              key={`${range.sourceId} ${range.fromWallMs} ${range.toWallMs} ${range.why}`}
              className="protected-row"
            >
              <span className="protected-words">
                <span className="number">{rangeWords(range)}</span>
                {range.why === '' ? null : (
                  <bdi className="protected-why" title={range.why}>
                    {range.why}
                  </bdi>
                )}
              </span>
              <Button
                look="bare"
                size="small"
                icon="close"
                label={`Take the protection of ${rangeWords(range)} back`}
                data-testid="unprotect"
                onClick={() => void ask('recording.unprotect', range)}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
