import type { Finding, HealthFacts } from './facts.ts';

/** Messages between the processes that were not understood or came too late. They are left out, so it is a note. */
export function assessMessages({ rejected }: HealthFacts): Finding[] {
  const parts = [...rejected].filter(([, messages]) => messages > 0);
  const sum = parts.reduce((total, [, messages]) => total + messages, 0);
  const by = parts.map(([process, messages]) => `${process} ${messages}`).join(', ');
  return [
    {
      id: 'messages',
      kind: 'interfaces',
      title: 'Messages between processes',
      vital: false,
      severity: sum === 0 ? 'ok' : 'info',
      cause: sum === 0 ? 'none was refused' : `${sum} refused since ivis began: ${by}; the log says which`,
      whatToDo: '',
      sourceId: null,
    },
  ];
}
