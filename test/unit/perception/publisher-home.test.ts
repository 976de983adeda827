import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPublishers } from '#native';
import { parseAnalyzeArguments } from '../../../src-main/cli/analyze-arguments.ts';
import { PublisherHome } from '../../../src-main/perception/publisher-home.ts';
import { replaceFile } from '../../../src-main/whole-file.ts';
import { parseWindowArguments } from '../../../src-main/windows/window-arguments.ts';

let base = '';
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'ivis-home-'));
  process.env.IVIS_IPC_DIR = join(base, 'all');
});
afterEach(() => {
  delete process.env.IVIS_IPC_DIR;
  rmSync(base, { recursive: true, force: true });
});

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe.skipIf(process.platform === 'win32')('the folder of a publisher', () => {
  it('can be entered by its user only, and goes when its publisher goes', () => {
    const home = new PublisherHome(null);
    expect(home.folder).toBe(join(base, 'all', String(process.pid)));
    expect([modeOf(join(base, 'all')), modeOf(home.folder)]).toEqual([0o700, 0o700]);
    home.write('status', { pid: process.pid });
    home.announce();
    expect(modeOf(join(home.folder, 'access.json'))).toBe(0o600);
    const access = JSON.parse(readFileSync(join(home.folder, 'access.json'), 'utf8'));
    expect(access).toEqual({ address: join(home.folder, 'commands.sock'), token: home.token });
    expect(Buffer.from(home.token, 'base64url')).toHaveLength(32);
    expect(findPublishers()).toEqual([home.folder]);
    home.close();
    expect(existsSync(home.folder)).toBe(false);
  });

  it('has another token at each start', () => {
    const folder = join(base, 'mine');
    const first = new PublisherHome(folder);
    const second = new PublisherHome(folder);
    expect(second.token).not.toBe(first.token);
  });

  it('is refused when others can write to it, or it is no folder', () => {
    const open = join(base, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    expect(() => new PublisherHome(open)).toThrow(/can be written by others/);
    const file = join(base, 'file');
    writeFileSync(file, '');
    expect(() => new PublisherHome(file)).toThrow(expect.objectContaining({ kind: 'output-unwritable' }));
  });

  it('is refused while another ivis publishes there, and taken over when that one is dead', () => {
    const folder = join(base, 'shared');
    mkdirSync(folder, { mode: 0o700 });
    // Our parent runs, and is not us.
    writeFileSync(join(folder, 'status.json'), JSON.stringify({ pid: process.ppid }));
    expect(() => new PublisherHome(folder)).toThrow(/another ivis/);
    writeFileSync(join(folder, 'status.json'), JSON.stringify({ pid: 999_999_999 }));
    new PublisherHome(folder);
    expect(existsSync(join(folder, 'status.json'))).toBe(false);
  });

  it('takes away what dead publishers left', () => {
    const dead = join(base, 'all', '999999999');
    mkdirSync(dead, { recursive: true, mode: 0o700 });
    chmodSync(join(base, 'all'), 0o700);
    writeFileSync(join(dead, 'status.json'), JSON.stringify({ pid: 999_999_999 }));
    const home = new PublisherHome(null);
    expect(existsSync(dead)).toBe(false);
    home.close();
  });

  it('puts the socket elsewhere when its path would be too long for a socket', () => {
    const folder = join(base, 'x'.repeat(120));
    const home = new PublisherHome(folder);
    expect(Buffer.byteLength(home.address)).toBeLessThanOrEqual(103);
    home.close();
  });
});

describe('a file that is replaced', () => {
  it('is never half there, and nothing is left beside it when that fails', () => {
    const path = join(base, 'status.json');
    replaceFile(path, 'one');
    replaceFile(path, 'two');
    expect(readFileSync(path, 'utf8')).toBe('two');
    mkdirSync(join(base, 'taken'));
    writeFileSync(join(base, 'taken', 'inside'), '');
    expect(() => replaceFile(join(base, 'taken'), 'three')).toThrow();
    expect(readdirSync(base).sort()).toEqual(['status.json', 'taken']);
  });
});

describe('the wish to publish', () => {
  it('is off unless said, with a folder or without', () => {
    expect(parseAnalyzeArguments(['a.mp4']).publish).toBeNull();
    expect(parseAnalyzeArguments(['--publish', 'a.mp4'])).toMatchObject({
      video: 'a.mp4',
      publish: { folder: null },
    });
    expect(parseAnalyzeArguments(['a.mp4', '--publish=here']).publish).toEqual({ folder: 'here' });
    expect(() => parseAnalyzeArguments(['a.mp4', '--publish='])).toThrow(/needs a folder/);
    expect(parseWindowArguments(['a.mp4']).publish).toBeNull();
    expect(parseWindowArguments(['a.mp4', '--publish=here'])).toMatchObject({
      open: ['a.mp4'],
      publish: { folder: 'here' },
    });
  });
});
