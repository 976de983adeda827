import { z } from 'zod';
import { fingerprintSchema } from './certificate.ts';

/** The certificate that a person accepted though nobody this computer trusts has signed it. */
const certificate = fingerprintSchema.optional();

const url = (protocols: readonly string[]) =>
  z
    .string()
    .max(4096)
    .refine(
      (text) => {
        const [, protocol = '', authority = ''] = /^([a-z]+:)\/\/([^/?#]+)/i.exec(text) ?? [];
        return protocols.includes(protocol.toLowerCase()) && authority !== '' && !authority.includes('@');
      },
      { message: `an address of ${protocols.join(' or ')} without user and password in it` },
    );

/**
 * Where pictures come from. User and password are never part of an address: they travel beside it, so that no log,
 * list or database can show them.
 */
export const sourceInputSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), path: z.string().min(1).max(32768), loop: z.boolean() }),
  z.object({
    kind: z.literal('rtsp'),
    url: url(['rtsp:', 'rtsps:']),
    transport: z.enum(['tcp', 'udp']),
    certificate,
  }),
  /** HLS, MJPEG or any container over HTTP; what it is is found out by looking. */
  z.object({ kind: z.literal('http'), url: url(['http:', 'https:']), certificate }),
  /** `device` as the platform names it: /dev/v4l/by-id/..., /dev/video0, a name or "0" (avfoundation), a DirectShow name. */
  z.object({
    kind: z.literal('webcam'),
    device: z.string().min(1).max(512),
    width: z.number().int().positive().nullable(),
    height: z.number().int().positive().nullable(),
    fps: z.number().positive().nullable(),
    /** What the device itself is asked to compress its pictures to; left out: raw pictures, which cannot be recorded. */
    coding: z.enum(['mjpeg', 'h264']).optional(),
  }),
]);
export type SourceInput = z.infer<typeof sourceInputSchema>;
export type WebcamCoding = 'mjpeg' | 'h264';
export type LiveInput = Exclude<SourceInput, { kind: 'file' }>;

/** User and password of a camera; only ever in memory and in the protected store of the desktop. */
export const loginSchema = z.object({ user: z.string().min(1).max(256), password: z.string().max(256) });
export type Login = z.infer<typeof loginSchema>;

/** A short name of an input for people and logs; holds no secret because an input holds none. */
export function inputName(input: SourceInput): string {
  if (input.kind === 'file') return input.path;
  return input.kind === 'webcam' ? input.device : input.url;
}

/**
 * Where a login is kept: in the protected store of the desktop, in memory until ivis ends, in a file that only this
 * user may read (not encrypted), or in a variable of the environment that somebody else sets.
 */
export const loginKeepingSchema = z.enum(['protected', 'session', 'file', 'environment']);
export type LoginKeeping = z.infer<typeof loginKeepingSchema>;
