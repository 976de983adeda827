import { z } from 'zod';
import { defineLink } from './contract.ts';
import { wireErrorSchema } from './wire-error.ts';

export const logLevelSchema = z.enum(['debug', 'info', 'warn', 'error']);
export type LogLevel = z.infer<typeof logLevelSchema>;

const nothing = z.object({});

/** Spoken by every worker on the port it was born with. */
export const workerLifecycle = defineLink({
  name: 'worker-lifecycle',
  from: 'main',
  to: 'worker',
  purpose: 'start, heartbeat, log and end of every worker; hands out the ports of the other links',
  commands: {
    /** The end of a link to another process; its port comes with the message. `sourceId` where there is one per source. */
    'link.attach': {
      body: z.object({ link: z.string().min(1), sourceId: z.string().nullable() }),
      reply: nothing,
    },
    /** Finish what is in hand, then exit with code 0. */
    'worker.drain': { body: z.object({ deadlineMs: z.number().positive() }), reply: nothing },
  },
  queries: {},
  notices: {},
  events: {
    'worker.hello': z.object({ process: z.string(), pid: z.number().int().positive() }),
    'worker.ready': nothing,
    'worker.beat': z.object({
      /** Rises while work gets done: alive without progress is hung. */
      progress: z.number().int().nonnegative(),
      /** True while there is work that should make progress. */
      busy: z.boolean(),
      queues: z.record(z.string(), z.number().nonnegative()),
      memoryBytes: z.number().nonnegative(),
      loopDelayMs: z.number().nonnegative(),
      rejected: z.number().int().nonnegative(),
    }),
    'worker.failed': z.object({ error: wireErrorSchema }),
    'log.written': z.object({
      level: logLevelSchema,
      message: z.string().max(8000),
      fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
      wallMs: z.number(),
    }),
  },
});
