import type { HealthComponent } from '#shared/domain/health.ts';

/** More parts of one kind than this stand together: nine cameras would push everything else out of sight. */
const MOST_ALONE = 3;

export type Row =
  | { readonly kind: 'part'; readonly part: HealthComponent }
  | { readonly kind: 'fold'; readonly title: string; readonly parts: readonly HealthComponent[] };

const FOLDS: Readonly<Partial<Record<HealthComponent['kind'], string>>> = {
  worker: 'Video reading',
  source: 'Sources',
  perception: 'Shared results',
};

/** Parts that are well, in their order; those of many sources folded into one row where the first of them stood. */
export function foldParts(parts: readonly HealthComponent[]): Row[] {
  const ofSources = (kind: HealthComponent['kind']): HealthComponent[] =>
    parts.filter((part) => part.kind === kind && part.sourceId !== null);
  return parts.flatMap((part): Row[] => {
    const name = part.sourceId === null ? undefined : FOLDS[part.kind];
    const kin = name === undefined ? [] : ofSources(part.kind);
    if (name === undefined || kin.length <= MOST_ALONE) return [{ kind: 'part', part }];
    return kin[0] === part ? [{ kind: 'fold', title: `${name}: ${kin.length}`, parts: kin }] : [];
  });
}

/** What the folded parts have in common: their one cause, or that all are well. */
export function foldedCause(parts: readonly HealthComponent[]): string {
  const causes = new Set(parts.map(({ cause }) => cause));
  const [only] = causes;
  return causes.size === 1 && only !== undefined ? `all ${only}` : 'all well';
}
