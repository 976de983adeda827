import { existsSync, readFileSync, statSync } from 'node:fs';
import { NamedError } from '#shared/contracts/wire-error.ts';
import {
  type AppSettings,
  type ChangedBy,
  changesBetween,
  defaultSettings,
  describeProblem,
  type SettingChange,
  type SettingsProblem,
  type SettingValue,
} from '#shared/domain/settings.ts';
import { replaceFile } from '../whole-file.ts';
import { type ReadSettings, readSettings, settingsTemplate, withField } from './settings-text.ts';

export interface SettingsEvents {
  /** Other settings hold from now on. */
  changed(settings: AppSettings, changes: readonly SettingChange[], by: ChangedBy): void;
  /** The file cannot be used as it is, or (null) can again. */
  troubled(problem: SettingsProblem | null): void;
}

/** A field with the value it is to have. */
export interface WantedSetting {
  readonly field: string;
  readonly value: SettingValue;
}

const LOOK_MS = 1000;

/** Changes with every write, rename and removal of the file. */
function signatureOf(path: string): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch {
    return 'gone';
  }
}

/**
 * The one settings file: read at the start, looked at each second, and written whole. What cannot be used leaves the
 * last good settings in force; their text is kept beside it as `.bak`, so that they hold after a restart too.
 */
export class SettingsFile {
  readonly path: string;
  /** What was edited while ivis did not run. */
  readonly changedMeanwhile: readonly SettingChange[];
  #events: SettingsEvents | null = null;
  #settings: AppSettings = defaultSettings;
  #problem: SettingsProblem | null = null;
  #text = '';
  /** Of the file as it was read last. */
  #signature = '';
  readonly #timer: NodeJS.Timeout;

  constructor(path: string) {
    this.path = path;
    if (!existsSync(path) && !existsSync(this.#backupPath)) this.#tryWrite(path, settingsTemplate);
    const backup = this.#readBackup();
    const found = this.#read();
    this.changedMeanwhile = found.ok && backup !== null ? changesBetween(backup, found.settings) : [];
    if (found.ok) this.#take(found.settings, this.#text);
    else {
      this.#problem = found.problem;
      if (backup !== null) this.#settings = backup;
    }
    // Polled: it sees a rename over the file, the target of a link and a network folder alike. Compared with what was
    // read, not with a first poll: an edit between the two would never be seen.
    this.#timer = setInterval(() => {
      if (signatureOf(path) !== this.#signature) this.look();
    }, LOOK_MS).unref();
  }

  /** Who is told from now on; one only. */
  listen(events: SettingsEvents): void {
    this.#events = events;
  }

  get current(): AppSettings {
    return this.#settings;
  }

  /** What is wrong with the file as it is now, or null. */
  get problem(): SettingsProblem | null {
    return this.#problem;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Reads the file again if it is another one than before. */
  look(): void {
    const before = this.#text;
    const found = this.#read();
    if (found.ok && this.#text === before && this.#problem === null) return;
    if (!found.ok) return this.#trouble(found.problem);
    this.#trouble(null);
    this.#adopt(found.settings, 'file');
  }

  /**
   * Changes fields and writes the file; comments stay. Throws NamedError `bad-argument` when the new settings are not
   * valid or the file has a mistake of a person in it that a write would wipe out.
   */
  change(changes: readonly WantedSetting[], by: Exclude<ChangedBy, 'file'> = 'window'): void {
    this.look();
    if (this.#problem !== null) {
      throw new NamedError(
        'bad-argument',
        `correct the settings file first: ${describeProblem(this.#problem)}`,
      );
    }
    const text = changes.reduce((now, { field, value }) => withField(now, field, value), this.#text);
    const result = readSettings(text);
    // The line is one of a text that nobody has before them.
    if (!result.ok) throw new NamedError('bad-argument', describeProblem({ ...result.problem, line: null }));
    try {
      replaceFile(this.path, text);
    } catch (thrown) {
      throw new NamedError('output-unwritable', `${this.path}: ${String(thrown)}`);
    }
    this.#text = text;
    this.#adopt(result.settings, by);
  }

  get #backupPath(): string {
    return `${this.path}.bak`;
  }

  #read(): ReadSettings {
    this.#signature = signatureOf(this.path);
    try {
      this.#text = readFileSync(this.path, 'utf8');
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      return { ok: false, problem: { message, line: null, column: null, field: '' } };
    }
    return readSettings(this.#text);
  }

  #readBackup(): AppSettings | null {
    try {
      const backup = readSettings(readFileSync(this.#backupPath, 'utf8'));
      return backup.ok ? backup.settings : null;
    } catch {
      return null;
    }
  }

  #adopt(settings: AppSettings, by: ChangedBy): void {
    const changes = changesBetween(this.#settings, settings);
    this.#take(settings, this.#text);
    if (changes.length > 0) this.#events?.changed(settings, changes, by);
  }

  #take(settings: AppSettings, text: string): void {
    this.#settings = settings;
    this.#tryWrite(this.#backupPath, text);
  }

  #trouble(problem: SettingsProblem | null): void {
    const same = JSON.stringify(problem) === JSON.stringify(this.#problem);
    this.#problem = problem;
    if (!same) this.#events?.troubled(problem);
  }

  /** A folder that cannot be written costs the copy, not the start: what can be read holds. */
  #tryWrite(path: string, text: string): void {
    try {
      if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
      replaceFile(path, text);
    } catch {
      // A change by the window will say so.
    }
  }
}
