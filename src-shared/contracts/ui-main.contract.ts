import { z } from 'zod';
import { appStateSchema } from '../domain/app-state.ts';
import { healthReportSchema, historyPointSchema } from '../domain/health.ts';
import { logEntrySchema, logFilterSchema } from '../domain/log-entry.ts';
import { runSettingsSchema } from '../domain/run.ts';
import { appSettingsSchema, settingsProblemSchema, settingValueSchema } from '../domain/settings.ts';
import { faultSchema, sourceIdSchema } from '../domain/source.ts';
import { defineLink } from './contract.ts';

const nothing = z.object({});
const path = z.string().min(1).max(32768);

/** Every answer to an action of the window: done, cancelled by the person, or refused in plain words. */
export const actionReplySchema = z.object({
  status: z.enum(['done', 'cancelled', 'refused']),
  message: z.string(),
  fault: faultSchema.nullable(),
});
export type ActionReply = z.infer<typeof actionReplySchema>;

export const uiMain = defineLink({
  name: 'ui-main',
  from: 'ui',
  to: 'main',
  purpose: 'what the window may ask, and the state it is told',
  commands: {
    /** Opens the native file dialog and adds what was chosen. */
    'sources.pick': { body: nothing, reply: actionReplySchema },
    /** Adds dropped files; each starts analysing at once when `start` is true. */
    'sources.add': {
      body: z.object({ paths: z.array(path).min(1).max(64), start: z.boolean() }),
      reply: actionReplySchema,
    },
    'source.start': { body: z.object({ sourceId: sourceIdSchema }), reply: actionReplySchema },
    'source.stop': { body: z.object({ sourceId: sourceIdSchema }), reply: actionReplySchema },
    'source.remove': { body: z.object({ sourceId: sourceIdSchema }), reply: actionReplySchema },
    /** New lines, zones, classes or mode; a run going on is begun anew with them, so that its counts stay true. */
    'source.configure': {
      body: z.object({ sourceId: sourceIdSchema, settings: runSettingsSchema }),
      reply: actionReplySchema,
    },
    /** Asks for a folder with the native dialog and writes the CSV files of the shown run there. */
    'run.export': { body: z.object({ sourceId: sourceIdSchema }), reply: actionReplySchema },
    /** Sends the ports of preview and results for a source again (after a reload of the page). */
    'source.watch': { body: z.object({ sourceId: sourceIdSchema }), reply: actionReplySchema },
    /** Changes fields of the settings file, all or none; they hold at once. */
    'settings.change': {
      body: z.object({
        changes: z
          .array(z.object({ field: z.string().min(1).max(100), value: settingValueSchema }))
          .min(1)
          .max(32),
      }),
      reply: actionReplySchema,
    },
    /** Asks for a place with the native dialog and writes a zip for those who help, without secrets. */
    'diagnostics.save': { body: nothing, reply: actionReplySchema },
  },
  queries: {
    'state.get': { body: nothing, reply: appStateSchema },
    'health.get': { body: nothing, reply: healthReportSchema },
    /** The last hour, from after `sinceWallMs` on. */
    'history.list': {
      body: z.object({ sinceWallMs: z.number() }),
      reply: z.object({ points: z.array(historyPointSchema) }),
    },
    'log.list': {
      body: logFilterSchema,
      reply: z.object({
        lines: z.array(logEntrySchema),
        matching: z.number().int().nonnegative(),
        processes: z.array(z.string()),
      }),
    },
    'settings.get': {
      body: nothing,
      reply: z.object({
        settings: appSettingsSchema,
        path: z.string(),
        problem: settingsProblemSchema.nullable(),
      }),
    },
  },
  notices: {},
  events: {
    'state.changed': appStateSchema,
    /** A port of a per-source link comes with this message. */
    'link.offered': z.object({ link: z.enum(['capture-ui', 'detection-ui']), sourceId: sourceIdSchema }),
  },
});
