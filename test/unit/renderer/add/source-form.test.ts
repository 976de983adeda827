import { describe, expect, it } from 'vitest';
import {
  draftOf,
  EMPTY_FORM,
  folderDraftOf,
  formOf,
  keepable,
  loginOf,
  problemsOf,
  type SourceForm,
  testOf,
  withAddress,
} from '../../../../src-renderer/add/source-form.ts';
import { cameraWith, sourceWith } from '../app-states.ts';

const camera = (change: Partial<SourceForm> = {}): SourceForm => ({
  ...EMPTY_FORM,
  address: 'rtsp://10.0.0.9/live',
  ...change,
});

describe('the form of a source', () => {
  it('moves a pasted login to its own fields and never sends it in the address', () => {
    const form = withAddress(EMPTY_FORM, 'rtsp://admin:geheim@10.0.0.9/live');
    expect(form).toMatchObject({ address: 'rtsp://10.0.0.9/live', user: 'admin', password: 'geheim' });
    const draft = draftOf(form);
    expect(draft?.input).toEqual({ kind: 'rtsp', url: 'rtsp://10.0.0.9/live', transport: 'tcp' });
    expect(draft?.login).toEqual({
      kind: 'set',
      login: { user: 'admin', password: 'geheim' },
      keeping: 'protected',
    });
  });

  it('turns to the kind of the address that is pasted', () => {
    expect(withAddress(EMPTY_FORM, 'https://example.org/x.m3u8').kind).toBe('http');
    expect(withAddress({ ...EMPTY_FORM, kind: 'http' }, 'rtsp://10.0.0.9/live').kind).toBe('rtsp');
  });

  it('leaves what is half typed alone', () => {
    expect(withAddress(EMPTY_FORM, 'rtsp://10.0.0').address).toBe('rtsp://10.0.0');
  });

  it.each<[string, Partial<SourceForm>, keyof SourceForm]>([
    ['no address', { address: '  ' }, 'address'],
    ['an address of another kind', { address: 'ftp://x/y' }, 'address'],
    ['a password without its user', { password: 'x' }, 'user'],
    ['a variable with a space', { keeping: 'environment', variable: 'A B' }, 'variable'],
    ['a rate that is none', { targetFps: 'fast' }, 'targetFps'],
    ['a floor above what is wanted', { targetFps: '2', floorFps: '5' }, 'floorFps'],
    ['a priority out of range', { priority: '0' }, 'priority'],
    ['no webcam', { kind: 'webcam' }, 'device'],
    ['no file', { kind: 'file' }, 'path'],
    ['no folder', { kind: 'folder' }, 'path'],
  ])('does not go on with %s, and says it at the field', (_what, change, field) => {
    const form = camera(change);
    expect(Object.keys(problemsOf(form))).toEqual([field]);
    expect(draftOf(form)).toBeNull();
  });

  it('keeps what a webcam is asked to compress to, and leaves it out where that is nothing', () => {
    const webcam = camera({ kind: 'webcam', device: '/dev/video0' });
    expect(draftOf(webcam)?.input).not.toHaveProperty('coding');
    const input = draftOf({ ...webcam, coding: 'mjpeg' })?.input;
    expect(input).toMatchObject({ kind: 'webcam', coding: 'mjpeg' });
  });

  it('carries an accepted certificate with the address, and forgets it', () => {
    const certificate = Array.from({ length: 32 }, () => 'AB').join(':');
    expect(draftOf(camera({ certificate }))?.input).toMatchObject({ kind: 'rtsp', certificate });
    expect(draftOf(camera({ certificate: null }))?.input).not.toHaveProperty('certificate');
  });

  it('keeps a password for this session only where the desktop cannot protect it, and as somebody chose else', () => {
    const none = { protected: false, words: 'no keyring' };
    expect(keepable(EMPTY_FORM, none)).toEqual({ ...EMPTY_FORM, keeping: 'session' });
    expect(keepable(EMPTY_FORM, null)).toBe(EMPTY_FORM);
    expect(keepable(EMPTY_FORM, { protected: true, words: '' })).toBe(EMPTY_FORM);
    const chosen = { ...EMPTY_FORM, keeping: 'file' as const };
    expect(keepable(chosen, none)).toBe(chosen);
  });

  it('can be tested before its rates are right', () => {
    expect(testOf(camera({ targetFps: 'x' }))?.input.kind).toBe('rtsp');
    expect(testOf(camera({ address: '' }))).toBeNull();
  });

  it('reads rates as people write them', () => {
    expect(draftOf(camera({ targetFps: '12,5', floorFps: '1', priority: '1' }))?.rate).toEqual({
      targetFps: 12.5,
      floorFps: 1,
      priority: 1,
    });
    expect(draftOf(camera())?.rate?.targetFps).toBeNull();
  });

  it('has no login and no rate for a file', () => {
    const form = camera({ kind: 'file', path: '/v/a.mp4', user: 'admin', password: 'x', loop: true });
    expect(draftOf(form)).toMatchObject({
      input: { kind: 'file', path: '/v/a.mp4', loop: true },
      login: { kind: 'none' },
      rate: null,
    });
  });

  it('is a folder when that is chosen', () => {
    expect(folderDraftOf({ ...EMPTY_FORM, kind: 'folder', path: '/in', title: ' In ' })).toEqual({
      title: 'In',
      path: '/in',
      classes: [],
    });
    expect(folderDraftOf(EMPTY_FORM)).toBeNull();
  });
});

describe('the form of a source that exists', () => {
  it('keeps its login until somebody types another', () => {
    const form = formOf(cameraWith({}, { hasLogin: true, loginKept: 'session' }));
    expect(form).toMatchObject({ title: 'North gate', user: '', password: '', loginKept: true });
    expect(loginOf(form)).toEqual({ kind: 'keep' });
    expect(loginOf({ ...form, loginKept: false })).toEqual({ kind: 'none' });
    expect(loginOf({ ...form, loginKept: false, user: 'b', password: 'c' })).toEqual({
      kind: 'set',
      login: { user: 'b', password: 'c' },
      keeping: 'session',
    });
  });

  it('takes its own address and settings up again', () => {
    const source = cameraWith();
    const draft = draftOf(formOf(source));
    expect(draft).toMatchObject({ title: source.title, input: source.input, classes: [] });
    const file = sourceWith({ settings: { ...sourceWith().settings, mode: 'play' } });
    expect(draftOf(formOf(file))).toMatchObject({ input: file.input, realSpeed: true });
  });
});
