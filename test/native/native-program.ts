import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

/** How a test program is built. `shipped` has the addon's own flags, -ffast-math included. */
const VARIANTS = {
  shipped: ['-O3', '-ffast-math'],
  'address+undefined': ['-O1', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
  // The compiler warns that ThreadSanitizer does not model fences; the ring's data accesses are atomics, which it does.
  thread: ['-O1', '-g', '-fsanitize=thread', '-Wno-tsan'],
} as const;
export type Variant = keyof typeof VARIANTS;

const compiler = process.env.CXX ?? 'g++';

function run(command: string, args: string[], env: Record<string, string> = {}): string {
  const done = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    timeout: 240_000,
    env: { ...process.env, ...env },
  });
  if (done.error) throw done.error;
  if (done.status !== 0) {
    throw new Error(`${command} ended with ${done.status ?? done.signal}\n${done.stdout}\n${done.stderr}`);
  }
  return done.stdout;
}

/** The ring without Node, compiled once for a variant; test programs are linked against it. */
export class NativeCore {
  readonly folder = mkdtempSync(join(tmpdir(), 'ivis-native-'));
  readonly #flags: string[];
  #objects: string[] | undefined;

  constructor(variant: Variant) {
    this.#flags = [
      '-std=c++17',
      '-Wall',
      '-Wextra',
      '-Werror',
      '-Inative/include',
      '-Inative/test',
      ...VARIANTS[variant],
    ];
  }

  #compiled(): string[] {
    if (this.#objects) return this.#objects;
    const sources = readdirSync(join(root, 'native/src'))
      .filter((name) => name.endsWith('.cc') && !name.endsWith('_win.cc') && !name.startsWith('addon'))
      .map((name) => join('native/src', name));
    this.#objects = sources.map((source) => {
      const object = join(this.folder, `${basename(source, '.cc')}.o`);
      run(compiler, [...this.#flags, '-c', source, '-o', object]);
      return object;
    });
    return this.#objects;
  }

  /** Builds native/test/<name>.cc, runs it and returns what it printed; throws with its output when it fails. */
  run(name: string, ...args: string[]): string {
    const link = process.platform === 'linux' ? ['-lrt', '-pthread'] : [];
    return this.#runLinked(name, args, [...this.#compiled(), ...link]);
  }

  /** The same for a program that needs the headers only. */
  runAlone(name: string): string {
    return this.#runLinked(name, [], []);
  }

  #runLinked(name: string, args: string[], link: string[]): string {
    const program = join(this.folder, name);
    run(compiler, [...this.#flags, `native/test/${name}.cc`, '-o', program, ...link]);
    return run(program, args, { TSAN_OPTIONS: 'halt_on_error=1', ASAN_OPTIONS: 'detect_leaks=1' });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
