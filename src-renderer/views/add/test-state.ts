import type { Fault } from '#shared/domain/source.ts';
import type { SourceTest } from '#shared/domain/source-draft.ts';

/** How the last test went; null: none yet, or something was changed since. */
export type TestState =
  | { readonly kind: 'none' }
  | { readonly kind: 'going-on' }
  | { readonly kind: 'good'; readonly test: SourceTest }
  | { readonly kind: 'bad'; readonly fault: Fault };
