import type { SourceView } from '#shared/domain/source.ts';
import type { FolderDraft, LoginChange, Protection, SourceDraft } from '#shared/domain/source-draft.ts';
import {
  type LoginKeeping,
  type SourceInput,
  sourceInputSchema,
  type WebcamCoding,
} from '#shared/domain/source-input.ts';
import { kindOfAddress, splitAddress, withScheme } from './address.ts';

export type FormKind = 'rtsp' | 'http' | 'webcam' | 'file' | 'folder';

/** The fields of the add dialog as they stand. */
export interface SourceForm {
  readonly kind: FormKind;
  readonly title: string;
  readonly address: string;
  readonly transport: 'tcp' | 'udp';
  readonly user: string;
  readonly password: string;
  readonly keeping: LoginKeeping;
  readonly variable: string;
  /** The source has a login already, and nobody touched it. */
  readonly loginKept: boolean;
  /** SHA-256 of the certificate that was accepted for the camera; null: none. */
  readonly certificate: string | null;
  readonly device: string;
  readonly coding: 'raw' | WebcamCoding;
  readonly path: string;
  readonly loop: boolean;
  readonly realSpeed: boolean;
  readonly classes: readonly string[];
  /** Empty: every picture. */
  readonly targetFps: string;
  readonly floorFps: string;
  readonly priority: string;
}

export type FormProblems = Readonly<Partial<Record<keyof SourceForm, string>>>;

export const EMPTY_FORM: SourceForm = {
  kind: 'rtsp',
  title: '',
  address: '',
  transport: 'tcp',
  user: '',
  password: '',
  keeping: 'protected',
  variable: '',
  loginKept: false,
  certificate: null,
  device: '',
  coding: 'raw',
  path: '',
  loop: false,
  realSpeed: false,
  classes: [],
  targetFps: '',
  floorFps: '2',
  priority: '5',
};

/** The form of a source that exists; its login stays where it is until somebody types another. */
export function formOf({ title, input, settings, hasLogin, loginKept }: SourceView): SourceForm {
  const { rate } = settings;
  return {
    ...EMPTY_FORM,
    kind: input.kind,
    title,
    address: input.kind === 'rtsp' || input.kind === 'http' ? input.url : '',
    transport: input.kind === 'rtsp' ? input.transport : 'tcp',
    loginKept: hasLogin,
    certificate: (input.kind === 'rtsp' || input.kind === 'http' ? input.certificate : null) ?? null,
    keeping: loginKept ?? 'protected',
    device: input.kind === 'webcam' ? input.device : '',
    coding: (input.kind === 'webcam' ? input.coding : null) ?? 'raw',
    path: input.kind === 'file' ? input.path : '',
    loop: input.kind === 'file' && input.loop,
    realSpeed: settings.mode === 'play',
    classes: settings.classes,
    targetFps: rate?.targetFps == null ? '' : String(rate.targetFps),
    floorFps: String(rate?.floorFps ?? EMPTY_FORM.floorFps),
    priority: String(rate?.priority ?? EMPTY_FORM.priority),
  };
}

/** A new address: a login in it goes into its own fields at once, and its scheme says the kind. */
export function withAddress(form: SourceForm, text: string): SourceForm {
  const { address, login } = splitAddress(text);
  const kind = kindOfAddress(address) ?? form.kind;
  // Half typed is left alone; only what is pasted or finished is taken apart.
  if (login === null) return { ...form, kind, address: text };
  return { ...form, kind, address, user: login.user, password: login.password, loginKept: false };
}

function inputOf(form: SourceForm): SourceInput | null {
  const certificate = form.certificate === null ? {} : { certificate: form.certificate };
  const asked = {
    rtsp: { kind: 'rtsp', url: withScheme(form.address, 'rtsp'), transport: form.transport, ...certificate },
    http: { kind: 'http', url: withScheme(form.address, 'http'), ...certificate },
    webcam: {
      kind: 'webcam',
      device: form.device.trim(),
      width: null,
      height: null,
      fps: null,
      ...(form.coding === 'raw' ? {} : { coding: form.coding }),
    },
    file: { kind: 'file', path: form.path, loop: form.loop },
    folder: null,
  }[form.kind];
  const parsed = sourceInputSchema.safeParse(asked);
  return parsed.success ? parsed.data : null;
}

/** What becomes of the login. */
export function loginOf(form: SourceForm): LoginChange {
  if (form.kind !== 'rtsp' && form.kind !== 'http') return { kind: 'none' };
  if (form.loginKept) return { kind: 'keep' };
  if (form.keeping === 'environment' && form.variable !== '')
    return { kind: 'environment', variable: form.variable };
  if (form.user === '' || form.keeping === 'environment') return { kind: 'none' };
  const login = { user: form.user, password: form.password };
  return { kind: 'set', login, keeping: form.keeping };
}

function within(text: string, least: number, most: number): number | null {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() !== '' && Number.isFinite(value) && value >= least && value <= most ? value : null;
}

/** What is wrong with the fields, in words beside each; empty when the form can be confirmed. */
export function problemsOf(form: SourceForm): FormProblems {
  const problems: Partial<Record<keyof SourceForm, string>> = {};
  const camera = form.kind === 'rtsp' || form.kind === 'http';
  if (camera && form.address.trim() === '') problems.address = 'An address is needed.';
  else if (camera && inputOf(form) === null) {
    const like =
      form.kind === 'rtsp' ? 'rtsp://192.168.1.20/stream1' : 'https://example.org/camera/index.m3u8';
    problems.address = `This is no address like ${like}`;
  }
  if (camera && !form.loginKept) {
    if (form.keeping === 'environment' && !/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(form.variable))
      problems.variable = 'A name of letters, digits and _ is needed.';
    else if (form.keeping !== 'environment' && form.user === '' && form.password !== '')
      problems.user = 'A password needs its user.';
  }
  if (form.kind === 'webcam' && form.device.trim() === '') problems.device = 'Choose a webcam.';
  if ((form.kind === 'file' || form.kind === 'folder') && form.path === '')
    problems.path = form.kind === 'file' ? 'Choose a file.' : 'Choose a folder.';
  if (form.kind === 'file' || form.kind === 'folder') return problems;
  const target = form.targetFps.trim() === '' ? null : within(form.targetFps, 0.1, 240);
  const floor = within(form.floorFps, 0.1, 240);
  if (form.targetFps.trim() !== '' && target === null) problems.targetFps = 'From 0.1 to 240, or empty.';
  if (floor === null) problems.floorFps = 'From 0.1 to 240.';
  else if (target !== null && floor > target) problems.floorFps = 'Not more than what is wanted.';
  const priority = within(form.priority, 1, 9);
  if (priority === null || !Number.isInteger(priority)) problems.priority = 'From 1 (first) to 9 (last).';
  return problems;
}

/** The form as this desktop can keep its password: never silently weak, so without protection only for this session. */
export function keepable(form: SourceForm, protection: Protection | null): SourceForm {
  const possible = protection === null || protection.protected || form.keeping !== 'protected';
  return possible ? form : { ...form, keeping: 'session' };
}

/** What the form asks main for; null while something is wrong with it, and for a folder. */
export function draftOf(form: SourceForm): SourceDraft | null {
  const input = inputOf(form);
  if (input === null || Object.keys(problemsOf(form)).length > 0) return null;
  const target = form.targetFps.trim() === '' ? null : within(form.targetFps, 0.1, 240);
  const rate = {
    targetFps: target,
    floorFps: within(form.floorFps, 0.1, 240) ?? 2,
    priority: within(form.priority, 1, 9) ?? 5,
  };
  return {
    title: form.title.trim(),
    input,
    login: loginOf(form),
    classes: [...form.classes],
    rate: input.kind === 'file' ? null : rate,
    realSpeed: form.realSpeed,
  };
}

/** What is to be tested: the address alone has to be right for that. */
export function testOf(form: SourceForm): { input: SourceInput; login: LoginChange } | null {
  const input = inputOf(form);
  const { address, user, variable, device, path } = problemsOf(form);
  const ready = [address, user, variable, device, path].every((problem) => problem === undefined);
  return input === null || !ready ? null : { input, login: loginOf(form) };
}

export function folderDraftOf(form: SourceForm): FolderDraft | null {
  if (form.kind !== 'folder' || form.path === '') return null;
  return { title: form.title.trim(), path: form.path, classes: [...form.classes] };
}
