import type { z } from 'zod';
import {
  DEFAULT_LIMIT_MS,
  type Incoming,
  type LinkSpec,
  type Outgoing,
  type ParsedRequestBody,
  type RequestBody,
  type RequestName,
  type RequestReply,
  type Side,
} from '../contracts/contract.ts';
import { ENVELOPE_VERSION, type Envelope, envelopeSchema } from '../contracts/envelope.ts';
import { fromWireError, NamedError, toWireError, type WireError } from '../contracts/wire-error.ts';

/** What a link needs of a transport: MessagePort, MessagePortMain, parentPort and test pipes all fit. */
export interface Port {
  post(data: unknown, transfer?: readonly unknown[]): void;
  /** Calls back with every message and the ports that came with it. */
  listen(receive: (data: unknown, ports: readonly unknown[]) => void): void;
  close(): void;
  /** Calls back once when the other end is gone; a transport that cannot tell leaves it out. */
  onClosed?(closed: () => void): void;
}

/** Runs `fire` once after `delayMs`; the returned function cancels it. */
export type Schedule = (delayMs: number, fire: () => void) => () => void;

export type RejectReason =
  | 'not-an-envelope'
  | 'unknown-name'
  | 'invalid-body'
  | 'invalid-reply'
  | 'late-reply'
  | 'handler-failed';

export interface Arrival {
  readonly ports: readonly unknown[];
}

type RequestHandlers<L extends LinkSpec> = {
  [N in RequestName<L>]: (
    body: ParsedRequestBody<L, N>,
    arrival: Arrival,
  ) => RequestReply<L, N> | Promise<RequestReply<L, N>>;
};
type MessageHandlers<M extends Readonly<Record<string, z.ZodType>>> = {
  [N in keyof M & string]: (body: z.output<M[N]>, arrival: Arrival) => void;
};

/** Side `to` answers requests and hears notices; side `from` hears events. */
export type LinkHandlers<L extends LinkSpec, S extends Side> = (S extends 'to'
  ? { requests: RequestHandlers<L> }
  : object) & { messages: MessageHandlers<Incoming<L, S>> };

export interface LinkOptions {
  readonly schedule: Schedule;
  /** Called for every rejected message, after it was counted. */
  readonly onRejected?: (reason: RejectReason, detail: string) => void;
  /** Stands around the work of every request that was understood: limits it, notes it. What it gives is the reply. */
  readonly around?: (request: AskedRequest, work: () => Promise<unknown>) => Promise<unknown>;
}

/** A request whose body has been parsed. */
export interface AskedRequest {
  readonly name: string;
  readonly body: unknown;
}

export interface RequestOptions {
  /** Time limit for the answer in milliseconds; else that of the contract. */
  readonly timeoutMs?: number;
  readonly transfer?: readonly unknown[];
}

interface Pending {
  readonly reply: z.ZodType;
  settle(result: { ok: true; body: unknown } | { ok: false; error: WireError }): void;
}

interface LooseHandlers {
  readonly requests?: Readonly<Record<string, (body: unknown, arrival: Arrival) => unknown>>;
  readonly messages: Readonly<Record<string, (body: unknown, arrival: Arrival) => void>>;
}

/** So many requests that were given up are remembered, to name the answers that still come. */
const MOST_EXPIRED = 64;
const own = <T>(map: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(map, name) ? map[name] : undefined;

/**
 * One typed end of a link over a port. Everything received is `unknown` until its schema has parsed it; what does
 * not parse is counted by reason and, when it was a request, answered with `invalid-message`. Receiving never throws.
 */
export class LinkEnd<L extends LinkSpec, S extends Side> {
  readonly rejected: Partial<Record<RejectReason, number>> = {};
  readonly #link: L;
  readonly #side: Side;
  readonly #port: Port;
  readonly #handlers: LooseHandlers;
  readonly #options: LinkOptions;
  readonly #pending = new Map<number, Pending>();
  readonly #expired = new Map<number, string>();
  #nextSeq = 0;
  #closed = false;

  constructor(link: L, side: S, port: Port, handlers: LinkHandlers<L, S>, options: LinkOptions) {
    this.#link = link;
    this.#side = side;
    this.#port = port;
    // The types above guarantee the shape; inside, handlers are looked up by the name that arrived.
    this.#handlers = handlers as unknown as LooseHandlers;
    this.#options = options;
    port.listen((data, ports) => this.#receive(data, ports));
  }

  /** Sends a command or query and resolves with its parsed reply; rejects with a NamedError. */
  request<N extends RequestName<L>>(
    name: N,
    body: RequestBody<L, N>,
    options: RequestOptions = {},
  ): Promise<RequestReply<L, N>> {
    const spec = own(this.#link.commands, name) ?? own(this.#link.queries, name);
    const timeoutMs = options.timeoutMs ?? spec?.limitMs ?? DEFAULT_LIMIT_MS;
    return new Promise((resolve, reject) => {
      if (spec === undefined) return reject(new NamedError('unknown-request', `${this.#link.name}: ${name}`));
      if (this.#closed) return reject(new NamedError('closed', `${this.#link.name} is closed (${name})`));
      const seq = this.#nextSeq++;
      const cancel = this.#options.schedule(timeoutMs, () => {
        this.#pending.delete(seq);
        this.#expire(seq, name);
        reject(new NamedError('timeout', `${this.#link.name}: ${name} not answered within ${timeoutMs} ms`));
      });
      this.#pending.set(seq, {
        reply: spec.reply,
        settle: (result) => {
          cancel();
          if (result.ok) resolve(result.body as RequestReply<L, N>);
          else reject(fromWireError(result.error));
        },
      });
      this.#post(
        { v: ENVELOPE_VERSION, link: this.#link.name, kind: 'request', seq, name, body },
        options.transfer,
      );
    });
  }

  /** Sends a notice (side `from`) or an event (side `to`); no answer comes. */
  send<N extends keyof Outgoing<L, S> & string>(
    name: N,
    body: Outgoing<L, S>[N] extends z.ZodType ? z.input<Outgoing<L, S>[N]> : never,
    transfer?: readonly unknown[],
  ): void {
    this.#post({ v: ENVELOPE_VERSION, link: this.#link.name, kind: 'message', name, body }, transfer);
  }

  /** Ends the link here: pending requests fail with `closed`, later messages are not looked at. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const pending of this.#pending.values()) {
      pending.settle({ ok: false, error: { kind: 'closed', message: `${this.#link.name} was closed` } });
    }
    this.#pending.clear();
    this.#port.close();
  }

  #post(envelope: Envelope, transfer?: readonly unknown[]): void {
    if (!this.#closed) this.#port.post(envelope, transfer);
  }

  #reject(reason: RejectReason, detail: string): void {
    this.rejected[reason] = (this.rejected[reason] ?? 0) + 1;
    this.#options.onRejected?.(reason, detail);
  }

  #receive(data: unknown, ports: readonly unknown[]): void {
    if (this.#closed) return;
    const parsed = envelopeSchema.safeParse(data);
    if (!parsed.success) return this.#reject('not-an-envelope', parsed.error.issues[0]?.message ?? '');
    const envelope = parsed.data;
    // Several links share one port between main and a worker: not ours is not an error there.
    if (envelope.link !== this.#link.name) return;
    if (envelope.kind === 'reply') return this.#receiveReply(envelope);
    if (envelope.kind === 'request') void this.#answer(envelope.seq, envelope.name, envelope.body, { ports });
    else this.#hear(envelope.name, envelope.body, { ports });
  }

  #receiveReply(envelope: Extract<Envelope, { kind: 'reply' }>): void {
    const pending = this.#pending.get(envelope.seq);
    if (pending === undefined) return this.#rejectLate(envelope);
    this.#pending.delete(envelope.seq);
    if (!envelope.ok) return pending.settle({ ok: false, error: envelope.error });
    const body = pending.reply.safeParse(envelope.body);
    if (body.success) return pending.settle({ ok: true, body: body.data });
    this.#reject('invalid-reply', body.error.message);
    pending.settle({
      ok: false,
      error: { kind: 'invalid-message', message: body.error.message.slice(0, 4000) },
    });
  }

  #expire(seq: number, name: string): void {
    this.#expired.set(seq, name);
    const [oldest] = this.#expired.keys();
    if (this.#expired.size > MOST_EXPIRED && oldest !== undefined) this.#expired.delete(oldest);
  }

  #rejectLate({ seq, ok }: Extract<Envelope, { kind: 'reply' }>): void {
    const name = this.#expired.get(seq) ?? 'unknown request';
    this.#expired.delete(seq);
    this.#reject('late-reply', `${name} (request ${seq}): ${ok ? 'done' : 'failed'}`);
  }

  async #answer(seq: number, name: string, body: unknown, arrival: Arrival): Promise<void> {
    const fail = (error: WireError): void =>
      this.#post({ v: ENVELOPE_VERSION, link: this.#link.name, kind: 'reply', seq, ok: false, error });
    const spec = own(this.#link.commands, name) ?? own(this.#link.queries, name);
    const handler = own(this.#handlers.requests ?? {}, name);
    if (this.#side !== 'to' || spec === undefined || handler === undefined) {
      this.#reject('unknown-name', name);
      return fail({
        kind: 'unknown-request',
        message: `${this.#link.name}: no request ${name.slice(0, 64)}`,
      });
    }
    const parsed = spec.body.safeParse(body);
    if (!parsed.success) {
      this.#reject('invalid-body', `${name}: ${parsed.error.message}`);
      return fail({ kind: 'invalid-message', message: `${name}: ${parsed.error.message}`.slice(0, 4000) });
    }
    try {
      const work = async (): Promise<unknown> => handler(parsed.data, arrival);
      const { around } = this.#options;
      const reply = await (around === undefined ? work() : around({ name, body: parsed.data }, work));
      this.#post({ v: ENVELOPE_VERSION, link: this.#link.name, kind: 'reply', seq, ok: true, body: reply });
    } catch (thrown) {
      fail(toWireError(thrown));
    }
  }

  #hear(name: string, body: unknown, arrival: Arrival): void {
    const spec = own(this.#side === 'from' ? this.#link.events : this.#link.notices, name);
    const handler = own(this.#handlers.messages, name);
    if (spec === undefined || handler === undefined) return this.#reject('unknown-name', name);
    const parsed = spec.safeParse(body);
    if (!parsed.success) return this.#reject('invalid-body', `${name}: ${parsed.error.message}`);
    try {
      handler(parsed.data, arrival);
    } catch (thrown) {
      this.#reject('handler-failed', `${name}: ${toWireError(thrown).message}`);
    }
  }
}
