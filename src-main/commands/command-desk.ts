import { z } from 'zod';
import type { Clock } from '#shared/clock.ts';
import { DEFAULT_LIMIT_MS, type RequestSpec } from '#shared/contracts/contract.ts';
import { type ActionReply, actionReplySchema, uiMain } from '#shared/contracts/ui-main.contract.ts';
import { NamedError, toWireError } from '#shared/contracts/wire-error.ts';
import type { AskedRequest, Schedule } from '#shared/link/link-end.ts';
import type { LogSink } from '../logging/log-sink.ts';
import type { DoneCommand } from './audited-commands.ts';

export interface CommandDeskOptions {
  readonly log: LogSink;
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** Takes secrets out of answers: what failed may name an address with its password. */
  readonly mask: (text: string) => string;
  /** Null when there is no such source. */
  titleOf(sourceId: string): string | null;
  /** A command was carried out, in time or late. */
  carriedOut(command: DoneCommand): void;
}

type Level = 'debug' | 'info' | 'warn';

const commands: Readonly<Record<string, RequestSpec>> = uiMain.commands;
const aboutSource = z.object({ sourceId: z.string() });
/** Said by the page itself after a reload, not by a person. */
const UNASKED = new Set(['source.watch']);

/**
 * Stands around every command of the window: gives it a number, answers it within the limit of its contract, and
 * writes down how it went. Work that takes longer goes on; its answer comes too late, is logged and goes nowhere.
 */
export class CommandDesk {
  readonly counts = { done: 0, refused: 0, late: 0 };
  readonly #options: CommandDeskOptions;
  #last = 0;

  constructor(options: CommandDeskOptions) {
    this.#options = options;
  }

  /** For `LinkOptions.around` of the end that answers the window. Questions pass as they are. */
  readonly around = async ({ name, body }: AskedRequest, work: () => Promise<unknown>): Promise<unknown> => {
    const spec = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (spec === undefined) return work();
    const requestId = `ui-${++this.#last}`;
    const { clock } = this.#options;
    const about = aboutSource.safeParse(body);
    const sourceId = about.success ? about.data.sourceId : null;
    const title = sourceId === null ? null : this.#options.titleOf(sourceId);
    const beganMs = clock.monoMs();
    const limitMs = spec.limitMs ?? DEFAULT_LIMIT_MS;
    let late = false;
    const note = (level: Level, message: string): void =>
      this.#note(level, message, sourceId, {
        command: name,
        requestId,
        tookMs: Math.round(clock.monoMs() - beganMs),
      });
    const doing = work().then(
      (reply) => {
        const action = actionReplySchema.safeParse(reply);
        const status = action.success ? action.data.status : 'done';
        const why = action.success && action.data.fault !== null ? `: ${action.data.fault.detail}` : '';
        this.counts[status === 'refused' ? 'refused' : 'done'] += 1;
        const message = action.success ? action.data.message : '';
        if (status === 'done') this.#options.carriedOut({ name, body, requestId, sourceId, title, message });
        if (late) note('warn', `late answer to ${name} is ignored: ${status}${why}`);
        else if (status === 'refused') note('warn', `${name} was refused${why}`);
        else note(UNASKED.has(name) ? 'debug' : 'info', `${name} ${status}`);
        return action.success ? this.#acknowledge(action.data, requestId) : reply;
      },
      (thrown: unknown) => {
        const { kind, message } = toWireError(thrown);
        this.counts.refused += 1;
        note(
          'warn',
          `${late ? 'late answer to ' : ''}${name} ${late ? 'is ignored' : 'failed'}: ${kind}: ${message}`,
        );
        throw new NamedError(kind, this.#options.mask(message));
      },
    );
    return new Promise((resolve, reject) => {
      const cancel = this.#options.schedule(limitMs, () => {
        late = true;
        this.counts.late += 1;
        note('warn', `${name} is not done within ${limitMs} ms and goes on`);
        reject(
          new NamedError('timeout', `${name} (${requestId}) was not done within ${limitMs} ms; it goes on`),
        );
      });
      doing.then(resolve, reject).finally(cancel);
    });
  };

  #acknowledge(reply: ActionReply, requestId: string): ActionReply {
    const { mask } = this.#options;
    const fault = reply.fault && { ...reply.fault, detail: mask(reply.fault.detail) };
    return { ...reply, requestId, message: mask(reply.message), fault };
  }

  #note(
    level: Level,
    message: string,
    sourceId: string | null,
    fields: Record<string, string | number>,
  ): void {
    const { log, clock } = this.#options;
    log.write({ level, process: 'ui', pid: null, sourceId, message, fields, wallMs: clock.wallMs() });
  }
}
