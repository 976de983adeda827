import type { RequestName } from '#shared/contracts/contract.ts';
import type { uiMain } from '#shared/contracts/ui-main.contract.ts';
import type { AuditRow } from '../audit/audit-trail.ts';

/**
 * Commands that change or give away something that people act on, as the audit calls what they did. Settings,
 * corrections and counts by hand have rows of their own, with what was before and after.
 */
const actions: Partial<Readonly<Record<RequestName<typeof uiMain>, string>>> = {
  'sources.add': 'source.added',
  'sources.pick': 'source.added',
  'source.create': 'source.added',
  'source.change': 'source.changed',
  'source.remove': 'source.removed',
  'source.start': 'source.started',
  'source.stop': 'source.stopped',
  'source.configure': 'source.configured',
  'folder.watch': 'folder.watched',
  'folder.remove': 'folder.removed',
  'run.export': 'run.exported',
  'clip.save': 'clip.saved',
  'recording.configure': 'recording.configured',
  'recording.protect': 'recording.protected',
  'recording.unprotect': 'recording.released',
  'diagnostics.save': 'diagnostics.saved',
  'start.normally': 'safe-mode.left',
};

/** What was asked, without any password: of a login only how it is kept. */
function withoutLogin(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutLogin);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === 'login' && typeof inner === 'object' && inner !== null && 'kind' in inner
        ? inner.kind
        : withoutLogin(inner),
    ]),
  );
}

export interface DoneCommand {
  readonly name: string;
  readonly body: unknown;
  readonly requestId: string;
  readonly sourceId: string | null;
  /** Of the source, before the command: it may be gone by now. */
  readonly title: string | null;
  /** What was answered. */
  readonly message: string;
}

/** The audit row of a command that was carried out; null of one that changes nothing, or has its own rows. */
export function auditRowOf(
  { name, body, requestId, sourceId, title, message }: DoneCommand,
  operator: string,
  mask: (value: unknown) => unknown,
): AuditRow | null {
  const action = Object.hasOwn(actions, name) ? actions[name as RequestName<typeof uiMain>] : undefined;
  if (action === undefined) return null;
  const subject = title === null ? (sourceId ?? 'ivis') : `${title} (${sourceId})`;
  const detail = mask({ requestId, asked: withoutLogin(body), message });
  return {
    actor: operator,
    action,
    subject: String(mask(subject)).slice(0, 200),
    detail: detail as Record<string, unknown>,
  };
}
