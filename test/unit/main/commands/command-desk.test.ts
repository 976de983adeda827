import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMIT_MS, type RequestSpec } from '#shared/contracts/contract.ts';
import { actionReplySchema, uiMain } from '#shared/contracts/ui-main.contract.ts';
import { NamedError, toWireError } from '#shared/contracts/wire-error.ts';
import type { AuditRow } from '../../../../src-main/audit/audit-trail.ts';
import { auditRowOf } from '../../../../src-main/commands/audited-commands.ts';
import { CommandDesk } from '../../../../src-main/commands/command-desk.ts';
import type { LogLine } from '../../../../src-main/logging/log-sink.ts';
import { SecretMask } from '../../../../src-main/logging/secret-mask.ts';
import { answer, cancelled, done } from '../../../../src-main/windows/action-reply.ts';
import { manualSchedule, settle } from '../../../contract/pipe.ts';
import { loginsFor } from '../../../fixtures/logins.ts';

function open() {
  const lines: LogLine[] = [];
  const rows: AuditRow[] = [];
  const mask = new SecretMask();
  const { schedule, advance } = manualSchedule();
  const clock = { monoMs: () => 0, wallMs: () => 0 };
  const desk = new CommandDesk({
    log: { write: (line) => lines.push(line), close: () => {} },
    clock,
    schedule,
    mask: (text) => mask.mask(text),
    titleOf: (sourceId) => (sourceId === 'yard' ? 'The yard' : null),
    carriedOut: (command) => {
      const row = auditRowOf(command, 'anna', (value) => mask.maskDeep(value));
      if (row !== null) rows.push(row);
    },
  });
  return { desk, lines, rows, advance, mask };
}

describe('a command of the window', () => {
  it('is acknowledged with its number, status and message, and written down', async () => {
    const { desk, lines } = open();
    const body = { sourceId: 'yard' };
    const first = await desk.around({ name: 'source.stop', body }, async () => done('Stopped'));
    const second = await desk.around({ name: 'source.stop', body }, async () => done('Stopped'));
    expect(first).toEqual({ requestId: 'ui-1', status: 'done', message: 'Stopped', fault: null });
    expect(actionReplySchema.parse(second).requestId).toBe('ui-2');
    expect(
      lines.map(({ level, message, sourceId, fields }) => [level, message, sourceId, fields.requestId]),
    ).toEqual([
      ['info', 'source.stop done', 'yard', 'ui-1'],
      ['info', 'source.stop done', 'yard', 'ui-2'],
    ]);
  });

  it('is answered when its limit is over; what it still says is logged and goes nowhere', async () => {
    const { desk, lines, advance } = open();
    let finish: () => void = () => {};
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const asked = desk.around({ name: 'source.start', body: { sourceId: 'yard' } }, async () => {
      await slow;
      return done('Analysis begun');
    });
    const answered = asked.then(
      () => 'done',
      (thrown: unknown) => (thrown instanceof NamedError ? thrown.kind : 'other'),
    );
    await settle();
    advance(DEFAULT_LIMIT_MS + 1);
    expect(await answered).toBe('timeout');
    expect(desk.counts.late).toBe(1);
    finish();
    await settle();
    expect(lines.map(({ message }) => message)).toEqual([
      'source.start is not done within 1000 ms and goes on',
      'late answer to source.start is ignored: done',
    ]);
  });

  it('that fails late is logged too, and nothing is left unhandled', async () => {
    const { desk, lines, advance } = open();
    let fail: (thrown: Error) => void = () => {};
    const asked = desk.around(
      { name: 'settings.change', body: {} },
      () =>
        new Promise((_resolve, reject) => {
          fail = reject;
        }),
    );
    const answered = expect(asked).rejects.toMatchObject({ kind: 'timeout' });
    await settle();
    advance(DEFAULT_LIMIT_MS + 1);
    await answered;
    fail(new NamedError('output-unwritable', 'the disk said no'));
    await settle();
    expect(lines.at(-1)?.message).toBe(
      'late answer to settings.change is ignored: output-unwritable: the disk said no',
    );
  });

  it('that changes something has its row in the audit when it was carried out, also late, and only then', async () => {
    const { desk, rows, advance } = open();
    const body = { sourceId: 'yard' };
    await desk.around({ name: 'source.remove', body }, async () => done('Removed'));
    await desk.around({ name: 'source.watch', body }, async () => done(''));
    await desk.around({ name: 'run.export', body }, async () => cancelled);
    const refused = () =>
      answer(() => {
        throw new NamedError('bad-argument', 'no');
      });
    await desk.around({ name: 'source.stop', body }, refused);
    let finish: () => void = () => {};
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const asked = desk.around({ name: 'source.start', body }, () => slow.then(() => done('Analysis begun')));
    const answered = expect(asked).rejects.toMatchObject({ kind: 'timeout' });
    await settle();
    advance(DEFAULT_LIMIT_MS + 1);
    await answered;
    finish();
    await settle();
    expect(rows).toEqual([
      {
        actor: 'anna',
        action: 'source.removed',
        subject: 'The yard (yard)',
        detail: { requestId: 'ui-1', asked: body, message: 'Removed' },
      },
      {
        actor: 'anna',
        action: 'source.started',
        subject: 'The yard (yard)',
        detail: { requestId: 'ui-5', asked: body, message: 'Analysis begun' },
      },
    ]);
  });

  it('tells the audit of a login only how it is kept', async () => {
    const { desk, rows } = open();
    const login = { kind: 'set', login: { user: 'admin', password: 'Tr0ub4dor' }, keeping: 'protected' };
    const draft = {
      title: 'Gate',
      input: { kind: 'rtsp', url: 'rtsp://gate.test/1', transport: 'tcp' },
      login,
    };
    await desk.around({ name: 'source.create', body: { draft, start: true } }, async () =>
      done('Source added'),
    );
    expect(rows).toMatchObject([{ action: 'source.added', subject: 'ivis' }]);
    expect(rows[0]?.detail).toMatchObject({ asked: { draft: { title: 'Gate', login: 'set' }, start: true } });
    expect(JSON.stringify(rows)).not.toContain('Tr0ub4dor');
  });

  it('has a limit of one second unless it waits for a person, a run, a camera or the database', () => {
    const specs: [string, RequestSpec][] = Object.entries(uiMain.commands);
    const short = specs.filter(([, { limitMs }]) => limitMs === undefined).map(([name]) => name);
    expect(short).toEqual(
      expect.arrayContaining([
        'folder.watch',
        'settings.change',
        'source.start',
        'source.watch',
        'sources.add',
      ]),
    );
    const waitsLong = specs.filter(([, { limitMs = 0 }]) => limitMs > 30_000).map(([name]) => name);
    expect(waitsLong.sort()).toEqual([
      'clip.save',
      'diagnostics.save',
      'path.pick',
      'run.export',
      'sources.pick',
    ]);
  });

  it('answers without any password, however odd, whether it is done, refused or fails', async () => {
    const { desk, mask } = open();
    const answers: string[] = [];
    const passwords: string[] = [];
    const odd = fc.string({ unit: 'grapheme', minLength: 6, maxLength: 24 }).map((word) => `${word}Zq7`);
    const ask = async (work: () => Promise<unknown>): Promise<void> => {
      const reply = await desk
        .around({ name: 'source.create', body: {} }, work)
        .catch((thrown: unknown) => toWireError(thrown));
      answers.push(JSON.stringify(reply));
    };
    await fc.assert(
      fc.asyncProperty(odd, async (password) => {
        passwords.push(password);
        loginsFor(mask).learn({ user: 'admin', password });
        const address = `rtsp://operator:${encodeURIComponent(password)}@yard.test/1`;
        await ask(async () => done(`added ${address} (${password})`));
        await ask(() =>
          answer(() => {
            throw new NamedError('camera-auth', `${address} refused ${password}`);
          }),
        );
        await ask(() => Promise.reject(new Error(`password=${password}`)));
      }),
      { numRuns: 300 },
    );
    expect(answers).toHaveLength(passwords.length * 3);
    const text = answers.join('\n');
    const hits = passwords.filter((password) =>
      [password, JSON.stringify(password).slice(1, -1), encodeURIComponent(password)].some((form) =>
        text.includes(form),
      ),
    );
    expect(hits).toEqual([]);
  });

  it('that only asks passes as it is', async () => {
    const { desk, lines } = open();
    expect(await desk.around({ name: 'health.get', body: {} }, async () => 7)).toBe(7);
    expect(lines).toEqual([]);
  });
});
