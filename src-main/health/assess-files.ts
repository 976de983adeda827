import type { Finding, HealthFacts } from './facts.ts';

const TITLES = { 'sources.json': 'List of sources' } as const;

/** What of the data folder could not be read when ivis started. Said until the next start: somebody has to look. */
export function assessFiles({ unreadable }: Pick<HealthFacts, 'unreadable'>): Finding[] {
  return unreadable.map(({ name, lost }) => ({
    id: `file:${name}`,
    kind: 'settings',
    title: TITLES[name],
    vital: false,
    severity: lost ? 'critical' : 'warn',
    cause: lost
      ? 'could not be read, and there is no copy of it: it begins empty'
      : 'could not be read: the last copy of it holds',
    whatToDo: `${lost ? 'Add the sources again, or' : 'Compare the sources with what you expect, and'} look into ${name}.unreadable in the data folder, where the file is kept as it was found.`,
    sourceId: null,
  }));
}
