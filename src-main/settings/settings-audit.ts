import type { ChangedBy, SettingChange } from '#shared/domain/settings.ts';
import type { AuditRow } from '../audit/audit-trail.ts';

export interface ChangeContext {
  readonly by: ChangedBy;
  /** Found at the start of ivis. */
  readonly meanwhile: boolean;
  /** Name of the user of this computer. */
  readonly operator: string;
  /** Takes secrets out. */
  readonly mask: (value: unknown) => unknown;
}

/** One audit row for each setting that was changed: who, when, before and after. */
export function settingRows(
  changes: readonly SettingChange[],
  { by, meanwhile, operator, mask }: ChangeContext,
): AuditRow[] {
  // Whoever can write the file may have edited it: its user is not known to have.
  const actor = by === 'file' ? 'editor of the settings file' : operator;
  return changes.map(({ field, before, after }) => ({
    actor,
    action: 'setting.changed',
    subject: field,
    detail: {
      by,
      before: mask(before),
      after: mask(after),
      ...(meanwhile ? { whileNotRunning: true } : {}),
    },
  }));
}
