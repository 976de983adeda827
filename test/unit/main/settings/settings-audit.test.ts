import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { ChangedBy, SettingChange } from '#shared/domain/settings.ts';
import { AuditTrail, type AuditTrailOptions } from '../../../../src-main/audit/audit-trail.ts';
import { SecretMask } from '../../../../src-main/logging/secret-mask.ts';
import { settingRows } from '../../../../src-main/settings/settings-audit.ts';
import { openStore } from '../../../../src-worker/store/database.ts';
import { AuditBook } from '../../../../src-worker/store/evidence/audit-book.ts';
import { checkAudit } from '../../../../src-worker/store/evidence/audit-check.ts';
import { manualSchedule, settle } from '../../../contract/pipe.ts';
import { loginsFor } from '../../../fixtures/logins.ts';

const WALL_MS = 1_700_000_000_000;
let folder = '';
let path = '';
let store: ReturnType<typeof openStore>;
let book: AuditBook;
let mask: SecretMask;
let broken: NamedError | null = null;
let warnings: string[] = [];
let timers: ReturnType<typeof manualSchedule>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ivis-settings-audit-'));
  path = join(folder, 'ivis.db');
  store = openStore(path, WALL_MS);
  book = new AuditBook(store.db, { wallMs: () => WALL_MS, monoMs: () => 5 });
  mask = new SecretMask();
  broken = null;
  warnings = [];
  timers = manualSchedule();
});
afterEach(() => {
  if (store.db.open) store.db.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Writes through the real book into a real database. */
function open(more: Partial<AuditTrailOptions> = {}) {
  const trail = new AuditTrail({
    add: async ({ entries }) => {
      if (broken !== null) throw broken;
      return book.appendAll(entries);
    },
    schedule: timers.schedule,
    warn: (message) => warnings.push(message),
    ...more,
  });
  return {
    trail,
    take: (changes: readonly SettingChange[], by: ChangedBy, meanwhile = false): void =>
      trail.take(
        settingRows(changes, { by, meanwhile, operator: 'anna', mask: (value) => mask.maskDeep(value) }),
      ),
  };
}

interface Row {
  wall_ms: number;
  actor: string;
  action: string;
  subject: string;
  detail_json: string;
}
const rows = (): Row[] =>
  store.db
    .prepare<[], Row>('SELECT wall_ms, actor, action, subject, detail_json FROM audit ORDER BY audit_id')
    .all();

describe('every change of a setting', () => {
  test('has its row in the chained audit: who, when, before and after', async () => {
    const audit = open();
    audit.take([{ field: 'logging.level', before: 'info', after: 'debug' }], 'window');
    audit.take(
      [
        { field: 'perception.horizonsMs', before: [250], after: [100, 900] },
        { field: 'interfaces.enabled', before: false, after: true },
      ],
      'program',
    );
    audit.take([{ field: 'limits.cpuPercent.warn', before: 80, after: 70 }], 'file', true);
    await settle();
    expect(
      rows().map(({ actor, subject, detail_json }) => [actor, subject, JSON.parse(detail_json)]),
    ).toEqual([
      ['anna', 'logging.level', { by: 'window', before: 'info', after: 'debug' }],
      ['anna', 'perception.horizonsMs', { by: 'program', before: [250], after: [100, 900] }],
      ['anna', 'interfaces.enabled', { by: 'program', before: false, after: true }],
      [
        'editor of the settings file',
        'limits.cpuPercent.warn',
        { by: 'file', before: 80, after: 70, whileNotRunning: true },
      ],
    ]);
    expect(rows().every(({ wall_ms, action }) => wall_ms === WALL_MS && action === 'setting.changed')).toBe(
      true,
    );
    expect(checkAudit(path)).toMatchObject({ rows: 4, broken: [] });
  });

  test('waits for a database that takes nothing, is said once, and comes in the order of the changes', async () => {
    const audit = open();
    broken = new NamedError('store-full', 'no space');
    for (let port = 9000; port < 9003; port++)
      audit.take([{ field: 'interfaces.port', before: port, after: port + 1 }], 'window');
    await settle();
    timers.advance(5001);
    await settle();
    expect(audit.trail.waiting).toBe(3);
    expect(warnings).toHaveLength(1);
    broken = null;
    timers.advance(5001);
    await settle();
    expect(audit.trail.waiting).toBe(0);
    expect(rows().map(({ detail_json }) => JSON.parse(detail_json).after)).toEqual([9001, 9002, 9003]);
  });

  test('that can never be written does not hold up the end, and is said', async () => {
    const audit = open({ add: () => new Promise(() => {}) });
    audit.take([{ field: 'logging.level', before: 'info', after: 'debug' }], 'window');
    const stopped = audit.trail.stop();
    await settle();
    timers.advance(2001);
    await stopped;
    expect(warnings).toEqual(['1 rows could not be put into the audit']);
  });

  test('is kept without any password, however odd', async () => {
    const odd = fc.string({ unit: 'grapheme', minLength: 6, maxLength: 24 }).map((word) => `${word}Zq7`);
    const audit = open();
    const passwords: string[] = [];
    await fc.assert(
      fc.asyncProperty(odd, async (password) => {
        passwords.push(password);
        loginsFor(mask).learn({ user: 'admin', password });
        const address = `http://collector.test/v1?password=${encodeURIComponent(password)}`;
        audit.take([{ field: 'tracing.endpoint', before: password, after: address }], 'file');
        await settle();
      }),
      { numRuns: 200 },
    );
    const text = rows()
      .map(({ detail_json }) => detail_json)
      .join('\n');
    const hits = passwords.filter(
      (password) =>
        text.includes(password) ||
        text.includes(JSON.stringify(password).slice(1, -1)) ||
        text.includes(encodeURIComponent(password)),
    );
    expect(rows()).toHaveLength(passwords.length);
    expect(hits).toEqual([]);
  });
});
