// Compiles the native ring into native/prebuilds/<platform>-<arch>/ivis_ring.node with the machine's own compiler.
// Only Node's built-ins: this runs before dependencies are trusted to be complete.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const DEFINES = [
  'NAPI_VERSION=8',
  'NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS',
  'NAPI_DISABLE_CPP_EXCEPTIONS',
  'NODE_API_NO_EXTERNAL_BUFFERS_ALLOWED',
  // What can no longer be thrown, as its thread is being ended, must not end the whole process.
  'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
  'BUILDING_NODE_EXTENSION',
];

const REMEDY = {
  linux: 'install a C++17 compiler: apt-get install g++ (or dnf install gcc-c++)',
  darwin: 'install the command line tools: xcode-select --install',
  win32: 'install a C++17 compiler with a g++ or clang++ command and put it on PATH, or set CXX',
};

// Cross compilers of Debian's g++-mingw-w64-x86-64; the -posix one has the threads of C++.
const TO_WINDOWS = ['x86_64-w64-mingw32-g++-posix', 'x86_64-w64-mingw32-g++'];

/** The compiler named in CXX, else the first of the usual ones that answers. */
function findCompiler(platform) {
  const cross = platform === 'win32' && process.platform !== 'win32';
  const names = cross ? TO_WINDOWS : [process.env.CXX, 'g++', 'clang++', 'c++'].filter(Boolean);
  for (const name of names) {
    const probe = spawnSync(name, ['--version'], { encoding: 'utf8' });
    if (probe.status === 0) return { name, version: probe.stdout.split('\n')[0], cross };
  }
  const remedy = cross ? 'install it: apt-get install g++-mingw-w64-x86-64' : REMEDY[platform];
  throw new Error(`no C++ compiler found; ${remedy ?? 'install a C++17 compiler'}`);
}

function sourcesOf(root, platform) {
  const folder = join(root, 'native/src');
  const other = platform === 'win32' ? /_posix\.cc$/ : /_win\.cc$/;
  return readdirSync(folder)
    .filter((name) => name.endsWith('.cc') && !other.test(name))
    .sort()
    .map((name) => join(folder, name));
}

function hashOf(root, sources, flags, compiler) {
  const hash = createHash('sha256').update(JSON.stringify([flags, compiler.name, compiler.version]));
  const headers = ['native/include/ivis', 'native/src'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.h'))
      .sort()
      .map((name) => join(root, folder, name)),
  );
  const versions = ['node-addon-api', 'node-api-headers'].map((name) =>
    join(root, 'node_modules', name, 'package.json'),
  );
  for (const path of [...sources, ...headers, ...versions]) {
    hash.update(basename(path)).update(readFileSync(path));
  }
  return hash.digest('hex');
}

function run(command, args, cwd) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', failed);
    child.on('exit', (code) =>
      code === 0 ? done() : failed(new Error(`${command} ended with code ${code} on ${args.at(-1)}`)),
    );
  });
}

/** Runs jobs, at most `width` at a time. */
async function inParallel(jobs, width) {
  const queue = [...jobs];
  const lane = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) await job();
  };
  await Promise.all(Array.from({ length: width }, lane));
}

function flagsFor(root, platform) {
  return [
    '-std=c++17',
    '-O3',
    '-ffast-math',
    '-fPIC',
    '-fvisibility=hidden',
    '-Wall',
    '-Wextra',
    '-Werror',
    `-I${join(root, 'native/include')}`,
    // As system headers: our warnings are for our code.
    '-isystem',
    join(root, 'node_modules/node-addon-api'),
    '-isystem',
    join(root, 'node_modules/node-api-headers/include'),
    ...DEFINES.map((name) => `-D${name}`),
    ...(platform === 'win32' ? ['-D_WIN32_WINNT=0x0A00'] : []),
  ];
}

/** What the linker needs beyond the objects. Windows wants to know where the host's functions will come from. */
async function linkFlags(root, platform, compiler, objects) {
  if (platform === 'linux') return ['-shared', '-lrt', '-pthread'];
  if (platform === 'darwin') return ['-bundle', '-undefined', 'dynamic_lookup'];
  const names = ['node_api.def', 'js_native_api.def'].flatMap((file) =>
    readFileSync(join(root, 'node_modules/node-api-headers/def', file), 'utf8')
      .split(/\r?\n/)
      .filter((line) => line !== '' && !/^(NAME|EXPORTS)/.test(line)),
  );
  const exportsOfHost = join(objects, 'node.def');
  const library = join(objects, 'libnode.a');
  writeFileSync(exportsOfHost, ['NAME NODE.EXE', 'EXPORTS', ...new Set(names), ''].join('\n'));
  const tool = compiler.cross ? 'x86_64-w64-mingw32-dlltool' : 'dlltool';
  await run(tool, ['-d', exportsOfHost, '-y', library], root);
  return ['-shared', '-static', library];
}

/** Compiles and links every source of `platform` into `target`; objects live only as long as the call. */
async function compile(root, platform, compiler, target) {
  const objects = join(root, 'native/.build', `${platform}-${process.pid}`);
  mkdirSync(objects, { recursive: true });
  mkdirSync(dirname(target), { recursive: true });
  try {
    const sources = sourcesOf(root, platform);
    const flags = flagsFor(root, platform);
    const object = (source) => join(objects, `${basename(source, '.cc')}.o`);
    await inParallel(
      sources.map((source) => () => run(compiler.name, [...flags, '-o', object(source), '-c', source], root)),
      Math.min(availableParallelism(), 8),
    );
    const made = join(objects, 'ivis_ring.node');
    const link = await linkFlags(root, platform, compiler, objects);
    await run(compiler.name, ['-o', made, ...sources.map(object), ...link], root);
    // Copied beside, then renamed into place: a process that has the old addon open keeps it, and one that opens it
    // never sees half a file.
    const beside = `${target}.${process.pid}`;
    copyFileSync(made, beside);
    renameSync(beside, target);
  } finally {
    rmSync(objects, { recursive: true, force: true });
  }
}

function checkDependencies(root) {
  for (const name of ['node-addon-api', 'node-api-headers']) {
    if (!existsSync(join(root, 'node_modules', name))) {
      throw new Error(`${name} is missing; install the dependencies first: npm ci`);
    }
  }
}

/**
 * Builds the addon unless the same sources were built with the same compiler before.
 * @param {string} root package root
 * @param {(line: string) => void} log
 * @returns {Promise<{ path: string, built: boolean }>}
 */
export async function buildNative(root, log) {
  checkDependencies(root);
  const compiler = findCompiler(process.platform);
  const folder = join(root, 'native/prebuilds', `${process.platform}-${process.arch}`);
  const target = join(folder, 'ivis_ring.node');
  const stamp = join(folder, 'ivis_ring.sha256');
  const sources = sourcesOf(root, process.platform);
  const hash = hashOf(root, sources, flagsFor('.', process.platform), compiler);
  if (existsSync(target) && existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === hash) {
    log('native ring: up to date');
    return { path: target, built: false };
  }
  log(`native ring: compiling ${sources.length} files with ${compiler.version}`);
  await compile(root, process.platform, compiler, target);
  writeFileSync(stamp, `${hash}\n`);
  log(`native ring: ${target}`);
  return { path: target, built: true };
}

/**
 * Compiles and links the Windows addon with the cross compiler, to prove that it can be; it cannot be run here.
 * @param {string} root package root
 * @param {string} target file to write
 */
async function crossBuildWindows(root, target) {
  checkDependencies(root);
  await compile(root, 'win32', findCompiler('win32'), target);
}

if (process.argv[1] && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
  const [option, target] = process.argv.slice(2);
  const work =
    option === '--windows' && target
      ? crossBuildWindows(root, resolve(target))
      : buildNative(root, (line) => console.log(line));
  work.catch((error) => {
    console.error(`native ring: ${error.message}`);
    process.exitCode = 1;
  });
}
