import { z } from 'zod';
import {
  correctedCountSchema,
  correctionIdSchema,
  correctionOrderSchema,
  countedCrossingSchema,
  crossingFilterSchema,
} from '../domain/correction.ts';
import { timedChangeSchema } from '../domain/count-change.ts';
import {
  countIntervalSchema,
  intervalCountSchema,
  intervalMsSchema,
  storedGapSchema,
} from '../domain/count-interval.ts';
import { crossingsAtSchema, spanAtSchema } from '../domain/counting.ts';
import { ledgerSchema } from '../domain/drop-reason.ts';
import { crossingPathSchema, keptPictureSchema, pictureKindSchema } from '../domain/evidence.ts';
import { holeSchema } from '../domain/gap.ts';
import { lineSchema } from '../domain/line.ts';
import { lineRunsSchema } from '../domain/line-runs.ts';
import { lineSpeedSchema } from '../domain/line-speed.ts';
import { mediaInfoSchema } from '../domain/media-info.ts';
import { loadedModelSchema } from '../domain/model.ts';
import { recountIdSchema, recountSchema, tallySchema } from '../domain/recount.ts';
import { runCountsSchema, runIdSchema, runSettingsSchema, runStatusSchema } from '../domain/run.ts';
import { sourceIdSchema } from '../domain/source.ts';
import { listedLoiteringSchema, listedVisitSchema } from '../domain/stay.ts';
import { defineLink } from './contract.ts';
import { wireErrorSchema } from './wire-error.ts';

/** A file the store can write from a run. `ass`: boxes as a subtitle script for the annotated video. */
export const exportKindSchema = z.enum([
  'detections',
  'tracks',
  'crossings',
  'zones',
  'loiterings',
  'movements',
  'movement-counts',
  'counts',
  'count-intervals',
  'corrections',
  'mot',
  'mot-det',
  'ass',
]);
export type ExportKind = z.infer<typeof exportKindSchema>;

export const runRowSchema = z.object({
  runId: runIdSchema,
  sourceId: sourceIdSchema,
  path: z.string(),
  status: runStatusSchema,
  startedWallMs: z.number(),
  endedWallMs: z.number().nullable(),
  attempt: z.number().int().positive(),
  rows: z.object({
    boxes: z.number().int().nonnegative(),
    tracks: z.number().int().nonnegative(),
    crossings: z.number().int().nonnegative(),
    visits: z.number().int().nonnegative(),
  }),
});
export type RunRow = z.infer<typeof runRowSchema>;

/** The runs that a count adds up, oldest first. */
const runIdsSchema = z.array(runIdSchema).min(1).max(1000);
/** Which part of a list is asked for. */
const page = { offset: z.number().int().nonnegative(), limit: z.number().int().min(1).max(500) };
const totalSchema = z.number().int().nonnegative();

/** A stretch of time as people ask for it: from the first millisecond up to, and without, the last. */
const timeRange = { sourceId: sourceIdSchema, fromWallMs: z.number(), toWallMs: z.number() };

/** Something that was done, as the audit keeps it; secrets are taken out before it is sent. */
export const auditEntrySchema = z.object({
  /** Name of the user of this computer, or what is known instead. */
  actor: z.string().min(1).max(200),
  /** Past tense: `setting.changed`. */
  action: z.string().min(1).max(64),
  subject: z.string().min(1).max(200),
  detail: z.record(z.string(), z.unknown()),
});

export const mainStore = defineLink({
  name: 'main-store',
  from: 'main',
  to: 'store',
  purpose: 'runs begun and ended, exports, reads for people',
  commands: {
    /** Opens (creates, migrates) the database; the first thing said to a store process. */
    'store.open': {
      /** `backUp`: once a day a copy is put beside it. */
      body: z.object({ path: z.string().min(1), backUp: z.boolean().default(false) }),
      reply: z.object({ schemaVersion: z.number().int(), readOnly: z.boolean() }),
    },
    'run.begin': {
      body: z.object({
        sourceId: sourceIdSchema,
        path: z.string().min(1),
        settings: runSettingsSchema,
        modelId: z.string().min(1),
        modelSha256: z.string(),
        attempt: z.number().int().positive(),
        startedWallMs: z.number(),
      }),
      reply: z.object({ runId: runIdSchema }),
    },
    /** Ends as `failed` every run that an ivis which is no more left running. Said once, before the first run begins. */
    'runs.abandon': {
      body: z.object({ endedWallMs: z.number() }),
      reply: z.object({ runIds: z.array(runIdSchema) }),
    },
    /** What was learnt of the medium when it opened; times in exports need it. */
    'run.describe': { body: z.object({ runId: runIdSchema, media: mediaInfoSchema }), reply: z.object({}) },
    'run.end': {
      body: z.object({
        runId: runIdSchema,
        status: runStatusSchema.exclude(['running']),
        endedWallMs: z.number(),
        ledger: ledgerSchema.nullable(),
        counts: runCountsSchema.nullable(),
        model: loadedModelSchema.nullable(),
        error: wireErrorSchema.nullable(),
      }),
      reply: z.object({}),
    },
    /** A hole that no run told of: from the death of a process until nobody wanted the source any more. */
    'gap.add': {
      body: holeSchema.extend({ runId: runIdSchema, toWallMs: z.number() }),
      reply: z.object({}),
    },
    /** Writes one file: temporary name first, renamed when whole; an existing file is replaced. */
    'export.write': {
      body: z.object({
        runId: runIdSchema,
        /** Of `counts` and `count-intervals`: earlier runs of the same count, added to it. */
        withRuns: z.array(runIdSchema).max(1000).optional(),
        lineRuns: lineRunsSchema.optional(),
        kind: exportKindSchema,
        outPath: z.string().min(1),
        /** Of `count-intervals`; 15 minutes unless told. */
        intervalMs: intervalMsSchema.optional(),
      }),
      reply: z.object({ rows: z.number().int().nonnegative(), bytes: z.number().int().nonnegative() }),
    },
    /** Writes down what a person says about a count, with an audit row, in one transaction. */
    'correction.add': {
      body: z.object({ runId: runIdSchema, by: z.string().min(1).max(200), order: correctionOrderSchema }),
      reply: z.object({ correctionId: correctionIdSchema }),
    },
    /** Adds rows to the audit that stand for themselves, in one transaction. */
    'audit.add': {
      body: z.object({ entries: z.array(auditEntrySchema).min(1).max(64) }),
      reply: z.object({ lastAuditId: z.number().int().positive() }),
    },
    /** Begins a count by a person, held against `runId`. */
    'recount.begin': {
      body: z.object({ runId: runIdSchema, by: z.string().min(1).max(200), fromPtsMs: z.number() }),
      reply: z.object({ recountId: recountIdSchema }),
    },
    'tally.add': { body: z.object({ recountId: recountIdSchema, tally: tallySchema }), reply: z.object({}) },
    /** Takes back a tally: it stays in the database, marked as taken back. */
    'tally.undo': {
      body: z.object({ recountId: recountIdSchema, number: z.number().int().nonnegative() }),
      reply: z.object({}),
    },
    'recount.end': {
      body: z.object({ recountId: recountIdSchema, toPtsMs: z.number() }),
      reply: z.object({}),
    },
  },
  queries: {
    /** Crossings of some runs in the order of their times, the added ones among them. */
    'crossings.list': {
      body: z.object({
        runIds: runIdsSchema,
        lineRuns: lineRunsSchema.optional(),
        filter: crossingFilterSchema,
        ...page,
      }),
      reply: z.object({
        total: totalSchema,
        crossings: z.array(countedCrossingSchema).max(500),
        counts: z.array(correctedCountSchema),
      }),
    },
    /** What people said about the counts of some runs, as far as it holds. */
    'changes.list': {
      body: z.object({ runIds: runIdsSchema }),
      reply: z.object({ changes: z.array(timedChangeSchema) }),
    },
    /** Stays in a zone that are over, the newest first. */
    'visits.list': {
      body: z.object({ runIds: runIdsSchema, zone: z.string().max(64), ...page }),
      reply: z.object({ total: totalSchema, visits: z.array(listedVisitSchema).max(500) }),
    },
    /** Stays in a zone that became loitering, the newest first. */
    'loiterings.list': {
      body: z.object({ runIds: runIdsSchema, zone: z.string().max(64), ...page }),
      reply: z.object({ total: totalSchema, loiterings: z.array(listedLoiteringSchema).max(500) }),
    },
    /** Speeds by line and direction, of what has one. */
    'speeds.get': {
      body: z.object({ runIds: runIdsSchema, lineRuns: lineRunsSchema.optional() }),
      reply: z.object({ lines: z.array(lineSpeedSchema) }),
    },
    /** What lies behind one crossing of the machine. */
    'evidence.get': {
      body: z.object({ runId: runIdSchema, number: z.number().int().nonnegative() }),
      reply: z.object({
        path: crossingPathSchema.nullable(),
        /** The line as it was in this run. */
        line: lineSchema.nullable(),
        media: mediaInfoSchema.nullable(),
        pictures: z.array(keptPictureSchema),
      }),
    },
    /** The small pictures of some crossings, for a list; one that is missing is left out. */
    'pictures.list': {
      body: z.object({
        runId: runIdSchema,
        kind: pictureKindSchema,
        numbers: z.array(z.number().int().nonnegative()).min(1).max(32),
      }),
      reply: z.object({
        pictures: z.array(
          z.object({ number: z.number().int().nonnegative(), jpeg: z.instanceof(Uint8Array) }),
        ),
      }),
    },
    /** A count by a person; what the machine counted is in crossings.list. */
    'recount.get': { body: z.object({ recountId: recountIdSchema }), reply: recountSchema },
    /** Reads the audit of any database file and says whether a row was changed, added or taken out. */
    'audit.get': {
      body: z.object({ path: z.string().min(1) }),
      reply: z.object({
        rows: z.number().int().nonnegative(),
        /** Hash of the newest row: written down elsewhere, it proves later that the whole chain still stands. */
        head: z.string(),
        broken: z.array(z.object({ row: z.string(), why: z.string() })).max(100),
      }),
    },
    /**
     * What some runs of a live source counted together, as the database holds it; `known` is false when one of them is
     * not in it, is another source's or began after `beforeWallMs`: then it is another database.
     */
    'sum.get': {
      body: z.object({
        sourceId: sourceIdSchema,
        runIds: runIdsSchema,
        lineRuns: lineRunsSchema,
        beforeWallMs: z.number(),
      }),
      reply: z.object({
        known: z.boolean(),
        counts: runCountsSchema,
        ledger: ledgerSchema,
        /** Of the newest run; null when it is not known, or did not end. */
        settings: runSettingsSchema.nullable(),
        endedWallMs: z.number().nullable(),
        /** Crossings of the hour before `beforeWallMs`, added up by seconds. */
        lastHour: z.array(crossingsAtSchema),
        /** How long looks came too rarely over all of these runs, and when in that hour, oldest first. */
        tooRareMs: z.number().nonnegative(),
        tooRareLastHour: z.array(spanAtSchema),
      }),
    },
    'runs.list': {
      body: z.object({ limit: z.number().int().min(1).max(1000) }),
      reply: z.object({ runs: z.array(runRowSchema) }),
    },
    'run.get': { body: z.object({ runId: runIdSchema }), reply: runRowSchema },
    /**
     * Crossings of a source by interval, over all its runs that stand: a live run always, of the runs over one file
     * the last whole one. Intervals begin at `fromWallMs`.
     */
    'counts.get': {
      body: z.object({ ...timeRange, intervalMs: intervalMsSchema }),
      reply: z.object({ intervals: z.array(countIntervalSchema), counts: z.array(intervalCountSchema) }),
    },
    'gaps.list': { body: z.object(timeRange), reply: z.object({ gaps: z.array(storedGapSchema) }) },
  },
  notices: {},
  events: {
    /** The database stopped or resumed taking rows (disk full, locked, damaged). */
    'store.faulted': z.object({ error: wireErrorSchema }),
    'store.recovered': z.object({}),
  },
});
