import type { z } from 'zod';

/** The processes of ivis; the same word names the folder, the bundle, the log tag and the link ends. */
export type ProcessName = 'main' | 'ui' | 'capture' | 'detection' | 'store';

/** `worker` stands for every worker process (the lifecycle link). */
export type LinkEndName = ProcessName | 'worker';

export interface RequestSpec {
  readonly body: z.ZodType;
  readonly reply: z.ZodType;
  /** The answer is owed within this, in milliseconds; `DEFAULT_LIMIT_MS` unless told. */
  readonly limitMs?: number;
}

/** Time limit of a request for which nothing else is told. */
export const DEFAULT_LIMIT_MS = 1000;

export type RequestMap = Readonly<Record<string, RequestSpec>>;
export type MessageMap = Readonly<Record<string, z.ZodType>>;

/** One link between two processes: everything that may be said on it, in both directions. */
export interface LinkSpec {
  readonly name: string;
  readonly from: LinkEndName;
  readonly to: LinkEndName;
  /** What the link is for, one line: printed in the process graph. */
  readonly purpose: string;
  /** from -> to, imperative (`source.open`), answered once. */
  readonly commands: RequestMap;
  /** from -> to, `get` or `list`, answered once, changes nothing. */
  readonly queries: RequestMap;
  /** from -> to, not answered. */
  readonly notices: MessageMap;
  /** to -> from, past tense (`source.lost`), not answered. */
  readonly events: MessageMap;
}

/** Declares a link; the returned value keeps the exact types of its schemas. */
export function defineLink<const L extends LinkSpec>(link: L): L {
  return link;
}

export type Requests<L extends LinkSpec> = L['commands'] & L['queries'];
export type RequestName<L extends LinkSpec> = keyof Requests<L> & string;
export type RequestBody<L extends LinkSpec, N extends RequestName<L>> = z.input<Requests<L>[N]['body']>;
export type ParsedRequestBody<L extends LinkSpec, N extends RequestName<L>> = z.output<
  Requests<L>[N]['body']
>;
export type RequestReply<L extends LinkSpec, N extends RequestName<L>> = z.output<Requests<L>[N]['reply']>;

export type Side = 'from' | 'to';
/** Messages a side sends without an answer. */
export type Outgoing<L extends LinkSpec, S extends Side> = S extends 'from' ? L['notices'] : L['events'];
/** Messages a side receives without answering. */
export type Incoming<L extends LinkSpec, S extends Side> = S extends 'from' ? L['events'] : L['notices'];
