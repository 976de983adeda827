import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import type { FfmpegBuild } from '../ffmpeg/build.ts';
import { FfmpegChild } from '../ffmpeg/child.ts';

export interface Webcam {
  /** As `source.open` wants it. */
  readonly device: string;
  readonly title: string;
}

/** Names by what a device is, then by where it is plugged in; those by number change with every replug. */
const LASTING = ['/dev/v4l/by-id', '/dev/v4l/by-path'];
const SYSFS = '/sys/class/video4linux';
const LIST_LIMIT_MS = 5000;
const MAX_WEBCAMS = 64;

/** Lasting names of video devices by their number (video0), the first folder's before the next one's. */
async function lastingNames(folders: readonly string[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const folder of folders) {
    for (const link of (await readdir(folder).catch(() => [])).sort()) {
      const target = await readlink(path.join(folder, link)).catch(() => '');
      const device = path.basename(target);
      if (target !== '' && !names.has(device)) names.set(device, path.join(folder, link));
    }
  }
  return names;
}

/** Video devices of Linux. One webcam may show several; only index 0 gives pictures, others are its metadata. */
export async function listVideo4Linux(folder = SYSFS, lasting = LASTING): Promise<Webcam[]> {
  const names = await readdir(folder).catch(() => []);
  const sorted = names.filter((name) => /^video\d+$/.test(name)).sort((a, b) => +a.slice(5) - +b.slice(5));
  const read = (name: string, file: string): Promise<string> =>
    readFile(path.join(folder, name, file), 'utf8').then(
      (text) => text.trim(),
      () => '',
    );
  const found = await Promise.all(
    sorted.map(async (name) => ({ name, title: await read(name, 'name'), index: await read(name, 'index') })),
  );
  const known = await lastingNames(lasting);
  return found
    .filter(({ index }) => index === '' || index === '0')
    .map(({ name, title }) => ({ device: known.get(name) ?? `/dev/${name}`, title: title || name }))
    .slice(0, MAX_WEBCAMS);
}

/**
 * Webcams in the log of `ffmpeg -f avfoundation -list_devices true`; screens and microphones are left out. A camera is
 * known by its name, as its number changes when another is plugged in; by the number only where the name will not do.
 */
export function parseAvfoundation(log: readonly string[]): Webcam[] {
  const audio = log.findIndex((line) => /AVFoundation audio devices/.test(line));
  const video = log.slice(0, audio < 0 ? undefined : audio);
  const found = video.flatMap((line) => {
    const [, number = '', title = ''] = /\] \[(\d+)\] (.+)$/.exec(line) ?? [];
    return number === '' || title.startsWith('Capture screen') ? [] : [{ number, title }];
  });
  return found.map(({ number, title }) => {
    // ffmpeg takes the first whose name begins so, and splits at colons.
    const alone = found.filter((other) => other.title.startsWith(title)).length === 1;
    return { device: alone && !/:|^\d+$/.test(title) ? title : number, title };
  });
}

/** Webcams in the log of `ffmpeg -f dshow -list_devices true`: older builds head the list, newer ones mark each. */
export function parseDshow(log: readonly string[]): Webcam[] {
  const marked = log.some((line) => /" \((video|audio|none)\)/.test(line));
  let inVideo = !marked;
  return log.flatMap((line) => {
    if (/DirectShow video devices/.test(line)) inVideo = true;
    if (/DirectShow audio devices/.test(line)) inVideo = false;
    const name = /\]\s+"([^"]+)"/.exec(line)?.[1];
    if (name === undefined || name.startsWith('@device_')) return [];
    const isVideo = marked ? /" \(video\)/.test(line) : inVideo;
    return isVideo ? [{ device: name, title: name }] : [];
  });
}

async function listLog(build: FfmpegBuild, system: string): Promise<readonly string[]> {
  const args = [
    '-hide_banner',
    '-nostdin',
    '-f',
    system,
    '-list_devices',
    'true',
    '-i',
    system === 'dshow' ? 'dummy' : '',
  ];
  const child = new FfmpegChild(build, args, { stdout: 'ignore' });
  const timer = setTimeout(() => void child.stop(true), LIST_LIMIT_MS);
  // Listing always ends with an error: there is no input.
  await child.ended;
  clearTimeout(timer);
  return child.log;
}

/** The webcams of this machine; empty where there are none or the platform cannot list them. */
export async function listWebcams(build: FfmpegBuild, platform = process.platform): Promise<Webcam[]> {
  if (platform === 'linux') return listVideo4Linux();
  if (platform === 'darwin') return parseAvfoundation(await listLog(build, 'avfoundation'));
  if (platform === 'win32') return parseDshow(await listLog(build, 'dshow'));
  return [];
}
