import { z } from 'zod';

const confidence = z.number().min(0).max(1);
const similarity = z.number().min(0).max(1);

/**
 * Settings of the tracker. Times are in milliseconds of the source's own clock, never in frames, so that one set
 * of defaults serves 5 to 30 frames a second; the one count of frames is `confirmFrames`, which is evidence.
 */
export const trackerSettingsSchema = z
  .object({
    /** Which paper's association is used; the rest of the life of a track is shared. */
    algorithm: z.enum(['bytetrack', 'oc-sort']).default('bytetrack'),
    /** True: a track may take a detection of any label of its family (car, truck, bus); false: only its own. */
    classAgnostic: z.boolean().default(true),
    /** Detections from here on take part in the first association. */
    highConfidence: confidence.default(0.25),
    /** Detections below are ignored; between this and `highConfidence` they can only continue a track. */
    lowConfidence: confidence.default(0.05),
    /** A detection that nothing claims begins a track from this confidence on. */
    newTrackConfidence: confidence.default(0.25),
    /** The same for single labels, whatever the general one is. */
    classConfidence: z.record(z.string(), confidence).default({}),
    /** Whether what is found more faintly, but again and again along a straight way, begins a track too. */
    faintTracks: z.boolean().default(true),
    /** Detections a track needs before it is shown and counted, and what their confidences must add up to. */
    confirmFrames: z.number().int().min(1).max(30).default(3),
    confirmConfidence: z.number().nonnegative().default(1.2),
    /** A track whose boxes mostly lie in much surer ones must last this long; one that is a cut of them never begins. */
    partMs: z.number().nonnegative().default(1500),
    /** A confirmed track is followed back this far through detections that were too unsure to begin it. */
    lookBackMs: z.number().nonnegative().default(1000),
    /** What is ridden takes over its rider's way before it was found, back this far. */
    rideBackMs: z.number().nonnegative().default(3000),
    /** An unconfirmed track that is not seen for longer than this is forgotten. */
    tentativeLostMs: z.number().nonnegative().default(250),
    /** A confirmed track that is not seen for longer than this is closed. */
    lostMs: z.number().positive().default(2500),
    /** The same for what stood for long before; it goes on only in a new track that stands there too. Not below `lostMs`. */
    standingLostMs: z.number().nonnegative().default(30_000),
    /** The same for a track that was last seen going out over the picture's edge. */
    leftMs: z.number().nonnegative().default(700),
    /** A track lost for longer takes no single box that is merely within reach, ... */
    reachMs: z.number().nonnegative().default(300),
    /** ... and from here on none that only touches the prediction: it goes on in a new track that moves like it. */
    touchMs: z.number().nonnegative().default(700),
    /** A lost track is still reported, as predicted, for this long. */
    predictedMs: z.number().nonnegative().default(500),
    /** Least overlap (IoU) of prediction and detection in the first, second and unconfirmed association. */
    minIouHigh: similarity.default(0.2),
    minIouLow: similarity.default(0.4),
    minIouTentative: similarity.default(0.25),
    /** Least overlap with its last box by which OC-SORT finds a track again that has just been lost. */
    minIouRecovery: similarity.default(0.3),
    /** Boxes of one family that overlap more than this are one object. */
    duplicateIou: similarity.default(0.75),
    /** Boxes of two families (car, cell phone) that overlap more than this are one object. */
    flipDuplicateIou: similarity.default(0.85),
    /** Whether predictions follow the picture when it moves as a whole, told by the objects that stand. */
    cameraMotion: z.boolean().default(false),
    /** A detection that looks less like the track than this (cosine distance) is another object. */
    appearanceGate: z.number().min(0).max(2).default(0.6),
    /** Cost of a pair by its looks, for one of cosine distance; as in BoT-SORT. */
    appearanceWeight: similarity.default(0.5),
    /** Weight of the direction of motion in the cost of OC-SORT. */
    momentumWeight: similarity.default(0.2),
  })
  .refine((s) => s.lowConfidence <= s.highConfidence, {
    message: 'lowConfidence must not exceed highConfidence',
  });
export type TrackerSettings = z.infer<typeof trackerSettingsSchema>;

export const defaultTrackerSettings: TrackerSettings = trackerSettingsSchema.parse({});
