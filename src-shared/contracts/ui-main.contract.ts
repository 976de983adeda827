import { z } from 'zod';
import { appStateSchema } from '../domain/app-state.ts';
import { correctionOrderSchema } from '../domain/correction.ts';
import { decodersSchema } from '../domain/decoder.ts';
import { healthReportSchema, historyPointSchema } from '../domain/health.ts';
import { logEntrySchema, logFilterSchema } from '../domain/log-entry.ts';
import { protectedRangeSchema, recordingSettingsSchema } from '../domain/recording.ts';
import { runIdSchema, runSettingsSchema } from '../domain/run.ts';
import { appSettingsSchema, settingsProblemSchema, settingValueSchema } from '../domain/settings.ts';
import { faultSchema, sourceIdSchema } from '../domain/source.ts';
import {
  folderDraftSchema,
  loginChangeSchema,
  protectionSchema,
  sourceDraftSchema,
  sourceTestSchema,
} from '../domain/source-draft.ts';
import { sourceInputSchema } from '../domain/source-input.ts';
import { defineLink } from './contract.ts';
import { mainStore } from './main-store.contract.ts';

const nothing = z.object({});
/** So long before a moment to so long after it; null: the moment of asking. */
const momentSchema = z.object({
  sourceId: sourceIdSchema,
  momentWallMs: z.number().nullable(),
  beforeS: z.number().int().min(1).max(1800),
  afterS: z.number().int().min(0).max(600),
});
const path = z.string().min(1).max(32768);

/** A person may leave a native dialog open for as long as they like. */
const PERSON_MS = 24 * 60 * 60 * 1000;
/** A run is ended in order: ffmpeg, the frames in hand, the last rows. */
const RUN_MS = 30_000;
/** The database may wait for a busy disk. */
const STORE_MS = 10_000;
/** A camera that is slow to wake up. */
const CONNECT_MS = 30_000;

/** The acknowledgement of an action of the window: done, cancelled by the person, or refused in plain words. */
export const actionReplySchema = z.object({
  /** By which the log names this action. */
  requestId: z.string(),
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
    'sources.pick': { body: nothing, reply: actionReplySchema, limitMs: PERSON_MS },
    /** Adds dropped files; each starts analysing at once when `start` is true. */
    'sources.add': {
      body: z.object({ paths: z.array(path).min(1).max(64), start: z.boolean() }),
      reply: actionReplySchema,
    },
    /** Asks for one file or folder with the native dialog, for a field of the add dialog; null: given up. */
    'path.pick': {
      body: z.object({ what: z.enum(['file', 'folder']) }),
      reply: z.object({ path: path.nullable() }),
      limitMs: PERSON_MS,
    },
    /** Adds what the add dialog holds: a camera, a webcam or one file. */
    'source.create': {
      body: z.object({ draft: sourceDraftSchema, start: z.boolean() }),
      reply: actionReplySchema,
      limitMs: RUN_MS,
    },
    /** The same dialog for a source that exists; what is going on begins anew when it has to. */
    'source.change': {
      body: z.object({ sourceId: sourceIdSchema, draft: sourceDraftSchema }),
      reply: actionReplySchema,
      limitMs: RUN_MS,
    },
    /** Connects once, without adding anything. `sourceId`: whose login is meant by "keep". */
    'source.test': {
      body: z.object({
        sourceId: sourceIdSchema.nullable(),
        input: sourceInputSchema,
        login: loginChangeSchema,
      }),
      reply: z.object({ fault: faultSchema.nullable(), test: sourceTestSchema.nullable() }),
      limitMs: CONNECT_MS,
    },
    /** Analyses what is put into a folder from now on, and what lies there already. */
    'folder.watch': { body: z.object({ draft: folderDraftSchema }), reply: actionReplySchema },
    'folder.remove': { body: z.object({ folderId: sourceIdSchema }), reply: actionReplySchema },
    'source.start': { body: z.object({ sourceId: sourceIdSchema }), reply: actionReplySchema },
    'source.stop': {
      body: z.object({ sourceId: sourceIdSchema }),
      reply: actionReplySchema,
      limitMs: RUN_MS,
    },
    'source.remove': {
      body: z.object({ sourceId: sourceIdSchema }),
      reply: actionReplySchema,
      limitMs: RUN_MS,
    },
    /** New lines, zones, classes or mode; a run going on is begun anew with them, so that its counts stay true. */
    'source.configure': {
      body: z.object({ sourceId: sourceIdSchema, settings: runSettingsSchema }),
      reply: actionReplySchema,
      limitMs: RUN_MS,
    },
    /** Asks for a folder with the native dialog and writes the CSV files of the shown run there. */
    'run.export': {
      body: z.object({ sourceId: sourceIdSchema }),
      reply: actionReplySchema,
      limitMs: PERSON_MS,
    },
    /** Sends the ports of preview and results for a source again (after a reload of the page). */
    'source.watch': { body: z.object({ sourceId: sourceIdSchema }), reply: actionReplySchema },
    /** What is kept of a live source's stream; its pictures go on as they are. */
    'recording.configure': {
      body: z.object({ sourceId: sourceIdSchema, settings: recordingSettingsSchema }),
      reply: actionReplySchema,
      limitMs: STORE_MS,
    },
    /** Asks where to and writes a clip from so long before a moment to so long after it. */
    'clip.save': {
      body: momentSchema.extend({ exact: z.boolean() }),
      reply: actionReplySchema,
      limitMs: PERSON_MS,
    },
    /** Nothing of this time is deleted any more, by age or for room. */
    'recording.protect': {
      body: momentSchema.extend({ why: z.string().max(500) }),
      reply: actionReplySchema,
      limitMs: STORE_MS,
    },
    'recording.unprotect': { body: protectedRangeSchema, reply: actionReplySchema, limitMs: STORE_MS },
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
    'diagnostics.save': { body: nothing, reply: actionReplySchema, limitMs: PERSON_MS },
    /** Marks a crossing wrong, adds a missed one, or takes either back; signed by the user of this computer. */
    'correction.add': {
      body: z.object({ runId: runIdSchema, order: correctionOrderSchema }),
      reply: actionReplySchema,
      limitMs: STORE_MS,
    },
    /** Plays the clip of a finished analysis from its start, for a person to count along; a live source goes on. */
    'recount.begin': {
      body: z.object({ sourceId: sourceIdSchema, fromPtsMs: z.number() }),
      reply: z.object({
        recountId: mainStore.commands['recount.begin'].reply.shape.recountId,
        runId: runIdSchema,
      }),
      limitMs: RUN_MS,
    },
    'tally.add': {
      body: mainStore.commands['tally.add'].body,
      reply: actionReplySchema,
      limitMs: STORE_MS,
    },
    'tally.undo': {
      body: mainStore.commands['tally.undo'].body,
      reply: actionReplySchema,
      limitMs: STORE_MS,
    },
    /** Starts ivis again without safe mode and with hardware acceleration; sources go on as they were. */
    'start.normally': { body: nothing, reply: actionReplySchema },
    /** Ends the playing and shows the analysis of before again. */
    'recount.end': {
      body: z.object({
        sourceId: sourceIdSchema,
        recountId: mainStore.commands['recount.end'].body.shape.recountId,
        toPtsMs: z.number(),
      }),
      reply: actionReplySchema,
      limitMs: RUN_MS,
    },
  },
  queries: {
    'devices.list': {
      body: nothing,
      reply: z.object({ devices: z.array(z.object({ device: z.string(), title: z.string() })) }),
      limitMs: CONNECT_MS,
    },
    /** Which ffmpeg is used for what; asked anew each time. */
    'decoders.get': { body: nothing, reply: decodersSchema, limitMs: CONNECT_MS },
    /** Whether this desktop can keep a password so that only this user can read it. */
    'protection.get': { body: nothing, reply: protectionSchema },
    /** Whether anything of this time lies on disk, so that a clip of it can be cut. */
    'recording.get': {
      body: z.object({ sourceId: sourceIdSchema, fromWallMs: z.number(), toWallMs: z.number() }),
      reply: z.object({ recorded: z.boolean() }),
    },
    'crossings.list': mainStore.queries['crossings.list'],
    'counts.get': mainStore.queries['counts.get'],
    'visits.list': mainStore.queries['visits.list'],
    'loiterings.list': mainStore.queries['loiterings.list'],
    'speeds.get': mainStore.queries['speeds.get'],
    'evidence.get': mainStore.queries['evidence.get'],
    'pictures.list': mainStore.queries['pictures.list'],
    'recount.get': mainStore.queries['recount.get'],
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
  notices: {
    /** The page did not look at a message: an answer that came too late, or what does not parse. */
    'message.refused': z.object({ reason: z.string().max(64), detail: z.string().max(500) }),
    /** Each second: a page that stays silent hangs, and is loaded again. */
    'page.beat': nothing,
  },
  events: {
    'state.changed': appStateSchema,
    /** A port of a per-source link comes with this message. */
    'link.offered': z.object({ link: z.enum(['capture-ui', 'detection-ui']), sourceId: sourceIdSchema }),
  },
});
