import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { AppSettings, SettingChange, SettingsProblem } from '#shared/domain/settings.ts';
import { SettingsFile } from '../../../../src-main/settings/settings-file.ts';

let folder = '';
let path = '';
let file: SettingsFile | null = null;
let told: { settings: AppSettings; changes: readonly SettingChange[]; by: string }[] = [];
let troubles: (SettingsProblem | null)[] = [];

const open = (): SettingsFile => {
  file = new SettingsFile(path);
  file.listen({
    changed: (settings, changes, by) => told.push({ settings, changes, by }),
    troubled: (problem) => troubles.push(problem),
  });
  return file;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ivis-settings-'));
  path = join(folder, 'settings.yaml');
  told = [];
  troubles = [];
});
afterEach(() => {
  file?.close();
  file = null;
  rmSync(folder, { recursive: true, force: true });
});

describe('a new settings file', () => {
  test('is written with every setting in it, for nobody else to read', () => {
    const { current, problem } = open();
    expect(problem).toBeNull();
    expect(current.interfaces).toEqual({ enabled: false, port: 9464 });
    expect(readFileSync(path, 'utf8')).toContain('diskPercent: { warn: 80, critical: 90 }');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('in a folder that is not there, the defaults hold and the trouble is named', () => {
    path = join(folder, 'gone', 'settings.yaml');
    const settings = open();
    expect(settings.current.logging.level).toBe('info');
    expect(settings.problem?.message).toMatch(/ENOENT/);
    expect(() => settings.change([{ field: 'logging.level', value: 'debug' }])).toThrow(NamedError);
  });
});

describe('an edit by hand', () => {
  test('holds without a restart and says what changed', () => {
    const settings = open();
    writeFileSync(path, 'logging:\n  level: debug\n');
    settings.look();
    expect(settings.current.logging.level).toBe('debug');
    expect(told).toHaveLength(1);
    expect(told[0]?.by).toBe('file');
    expect(told[0]?.changes).toEqual([{ field: 'logging.level', before: 'info', after: 'debug' }]);
  });

  test('is seen by itself, also when an editor renames a new file over the old one', async () => {
    const settings = open();
    writeFileSync(`${path}.new`, 'interfaces: { enabled: true, port: 0 }\n');
    renameSync(`${path}.new`, path);
    await expect.poll(() => settings.current.interfaces.enabled, { timeout: 10_000 }).toBe(true);
  });

  test.each([
    ['limits:\n  diskPercent:\n    warn: ninety\n', 3, 'limits.diskPercent.warn'],
    ['# mine\n\nlogging:\n  levle: debug\n', 4, 'logging.levle'],
    ['logging:\n  level: loud\n', 2, 'logging.level'],
    ['interfaces:\n  enabled: true\n  port: 80\n', 3, 'interfaces.port'],
    ['limits:\n  cpuPercent: { warn: 95, critical: 90 }\n', 2, 'limits.cpuPercent'],
    ['logging: {level: info}\nlogging: {level: warn}\n', 2, ''],
    ['logging:\n  level: "debug\n', 3, ''],
    ['', null, ''],
    ['a: &a [1]\nb: *a\n', null, ''],
    ['__proto__: { polluted: true }\n', 1, '__proto__'],
    [`logging: {level: info} # ${'x'.repeat(70_000)}\n`, null, ''],
  ])('with a mistake (%j) changes nothing and names line and field', (text, line, field) => {
    const settings = open();
    settings.change([{ field: 'logging.level', value: 'warn' }]);
    told = [];
    writeFileSync(path, text);
    settings.look();
    expect(settings.current.logging.level).toBe('warn');
    expect(told).toEqual([]);
    expect(troubles).toHaveLength(1);
    expect(settings.problem).toMatchObject({ line, field });
    expect(settings.problem?.message).not.toBe('');
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('polluted');
  });

  test('put right is taken, and the trouble is over', () => {
    const settings = open();
    writeFileSync(path, 'logging: [');
    settings.look();
    writeFileSync(path, 'logging: {level: error}');
    settings.look();
    expect(troubles.at(-1)).toBeNull();
    expect(settings.current.logging.level).toBe('error');
  });

  test('with a mistake still leaves the last good settings after a restart', () => {
    open().change([{ field: 'interfaces.port', value: 9999 }]);
    file?.close();
    writeFileSync(path, 'interfaces: { enabled: tr');
    const again = open();
    expect(again.current.interfaces.port).toBe(9999);
    expect(again.problem).not.toBeNull();
    expect(readFileSync(path, 'utf8')).toBe('interfaces: { enabled: tr');
  });

  test('that takes the file away leaves the last good settings', () => {
    const settings = open();
    settings.change([{ field: 'logging.level', value: 'debug' }]);
    rmSync(path);
    settings.look();
    expect(settings.current.logging.level).toBe('debug');
    expect(settings.problem?.message).toMatch(/ENOENT/);
  });
});

describe('the settings of recording', () => {
  test('are taken at once, from a file that does not know them yet too', () => {
    writeFileSync(path, 'logging: {level: info}\n');
    const settings = open();
    expect(settings.current.recording).toEqual({
      folder: null,
      keepDays: null,
      keepGigabytes: null,
      diskPercent: { warn: 80, act: 90 },
    });
    settings.change([
      { field: 'recording.folder', value: join(folder, 'films') },
      { field: 'recording.keepGigabytes', value: 250 },
      { field: 'recording.diskPercent.warn', value: 70 },
    ]);
    expect(settings.current.recording).toMatchObject({
      folder: join(folder, 'films'),
      keepGigabytes: 250,
      diskPercent: { warn: 70, act: 90 },
    });
    expect(told.flatMap(({ changes }) => changes.map(({ field }) => field))).toHaveLength(3);
  });

  test.each([
    ['recording.folder', 'films', /whole path/],
    ['recording.folder', '', /whole path/],
    ['recording.keepDays', 0, /keepDays/],
    ['recording.keepGigabytes', -1, /keepGigabytes/],
    ['recording.diskPercent.act', 75, /below "act"/],
    ['recording.diskPercent.warn', 100, /warn/],
  ] as const)('%s as %s is refused by name', (field, value, why) => {
    const settings = open();
    expect(() => settings.change([{ field, value }])).toThrow(why);
    expect(settings.current.recording.diskPercent).toEqual({ warn: 80, act: 90 });
  });

  test.each(['C:\\films', 'D:/films', '\\\\server\\films', '/films'])('%s is a whole path', (value) => {
    const settings = open();
    settings.change([{ field: 'recording.folder', value }]);
    expect(settings.current.recording.folder).toBe(value);
  });
});

describe('a change by the window', () => {
  test('is in the file, keeps the comments and is told once', () => {
    const settings = open();
    settings.change([
      { field: 'logging.level', value: 'debug' },
      { field: 'interfaces.enabled', value: true },
    ]);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain('level: debug # debug, info, warn or error');
    expect(text).toContain('# Settings of ivis.');
    expect(told.map(({ by }) => by)).toEqual(['window']);
    settings.look();
    expect(told).toHaveLength(1);
    expect(readdirSync(folder).sort()).toEqual(['settings.yaml', 'settings.yaml.bak']);
    expect(readFileSync(`${path}.bak`, 'utf8')).toBe(text);
  });

  test('that is not valid is refused with its field and writes nothing', () => {
    const settings = open();
    const before = readFileSync(path, 'utf8');
    expect(() => settings.change([{ field: 'limits.cpuPercent.warn', value: 101 }])).toThrow(
      /limits\.cpuPercent\.warn/,
    );
    expect(() => settings.change([{ field: 'nothing.such', value: 1 }])).toThrow(/no such setting/);
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  test('never writes over a mistake that a person is in the middle of', () => {
    const settings = open();
    writeFileSync(path, 'logging: [');
    expect(() => settings.change([{ field: 'logging.level', value: 'debug' }])).toThrow(
      /correct the settings/,
    );
    expect(readFileSync(path, 'utf8')).toBe('logging: [');
  });

  test('goes through a link to the file behind it', () => {
    const real = join(folder, 'real.yaml');
    writeFileSync(real, 'logging: {level: info}\n');
    symlinkSync(real, path);
    open().change([{ field: 'logging.level', value: 'debug' }]);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, 'utf8')).toContain('debug');
  });

  test.skipIf(process.getuid?.() === 0)('into a folder without permission is refused by name', () => {
    const settings = open();
    chmodSync(folder, 0o500);
    try {
      expect(() => settings.change([{ field: 'logging.level', value: 'debug' }])).toThrow(/settings\.yaml/);
    } finally {
      chmodSync(folder, 0o700);
    }
    expect(settings.current.logging.level).toBe('info');
    expect(existsSync(path)).toBe(true);
  });
});
