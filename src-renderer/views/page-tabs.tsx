import type { ReactElement } from 'react';
import type { AppState } from '#shared/domain/app-state.ts';
import { type PageName, usePage } from '../stores/page-store.ts';
import { severityTone } from './health/severity-words.ts';
import './page-tabs.css';

const PAGES: readonly { readonly page: PageName; readonly words: string }[] = [
  { page: 'watch', words: 'Watch' },
  { page: 'health', words: 'Health' },
  { page: 'log', words: 'Log' },
];

/** The pages of the window; the one about health carries the colour of the worst that is known. */
export function PageTabs({ health }: { readonly health: AppState['health'] | undefined }): ReactElement {
  const { page, show } = usePage();
  const severity = health?.severity ?? 'ok';
  const ill = severity !== 'ok' && severity !== 'info';
  return (
    <nav className="page-tabs" aria-label="Pages">
      {PAGES.map((each) => (
        <button
          key={each.page}
          type="button"
          className="page-tab"
          aria-current={each.page === page ? 'page' : undefined}
          data-testid={`page-${each.page}`}
          title={each.page === 'health' && ill ? health?.words : undefined}
          onClick={() => show(each.page)}
        >
          {each.words}
          {each.page === 'health' && ill ? (
            <span className="dot" data-tone={severityTone[severity]} role="img" aria-label={severity} />
          ) : null}
        </button>
      ))}
    </nav>
  );
}
