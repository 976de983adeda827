// Compiles the native ring into native/prebuilds/<platform>-<arch>/ivis_ring.node with the machine's own compiler.
// Only Node's built-ins: this runs before dependencies are trusted to be complete.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const DEFINES = [
  'NAPI_VERSION=8',
  'NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS',
  'NAPI_DISABLE_CPP_EXCEPTIONS',
  'NODE_API_NO_EXTERNAL_BUFFERS_ALLOWED',
  'BUILDING_NODE_EXTENSION',
];

const REMEDY = {
  linux: 'install a C++17 compiler: apt-get install g++ (or dnf install gcc-c++)',
  darwin: 'install the command line tools: xcode-select --install',
  win32: 'install a C++17 compiler with a g++ or clang++ command and put it on PATH, or set CXX',
};

/** Compilers to try, the one named in CXX first. */
function findCompiler() {
  for (const name of [process.env.CXX, 'g++', 'clang++', 'c++'].filter(Boolean)) {
    const probe = spawnSync(name, ['--version'], { encoding: 'utf8' });
    if (probe.status === 0) return { name, version: probe.stdout.split('\n')[0] };
  }
  throw new Error(`no C++ compiler found; ${REMEDY[process.platform] ?? 'install a C++17 compiler'}`);
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

/**
 * Builds the addon unless the same sources were built with the same compiler before.
 * @param {string} root package root
 * @param {(line: string) => void} log
 * @returns {Promise<{ path: string, built: boolean }>}
 */
export async function buildNative(root, log) {
  for (const name of ['node-addon-api', 'node-api-headers']) {
    if (!existsSync(join(root, 'node_modules', name))) {
      throw new Error(`${name} is missing; install the dependencies first: npm ci`);
    }
  }
  const compiler = findCompiler();
  const sources = sourcesOf(root, process.platform);
  const flags = [
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
  ];
  const folder = join(root, 'native/prebuilds', `${process.platform}-${process.arch}`);
  const target = join(folder, 'ivis_ring.node');
  const stamp = join(folder, 'ivis_ring.sha256');
  const hash = hashOf(root, sources, flags, compiler);
  if (existsSync(target) && existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === hash) {
    log('native ring: up to date');
    return { path: target, built: false };
  }
  log(`native ring: compiling ${sources.length} files with ${compiler.version}`);
  const objects = join(root, 'native/.build', `addon-${process.pid}`);
  mkdirSync(objects, { recursive: true });
  mkdirSync(folder, { recursive: true });
  try {
    const object = (source) => join(objects, `${basename(source, '.cc')}.o`);
    await inParallel(
      sources.map((source) => () => run(compiler.name, [...flags, '-c', '-o', object(source), source], root)),
      Math.min(availableParallelism(), 8),
    );
    const link = {
      linux: ['-shared', '-lrt', '-pthread'],
      darwin: ['-bundle', '-undefined', 'dynamic_lookup'],
    };
    const made = join(objects, 'ivis_ring.node');
    await run(
      compiler.name,
      ['-o', made, ...sources.map(object), ...(link[process.platform] ?? ['-shared'])],
      root,
    );
    // Renamed into place: a process that has the old addon open keeps it, one that opens it never sees half a file.
    renameSync(made, target);
    writeFileSync(stamp, `${hash}\n`);
  } finally {
    rmSync(objects, { recursive: true, force: true });
  }
  log(`native ring: ${target}`);
  return { path: target, built: true };
}

if (process.argv[1] && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
  buildNative(root, (line) => console.log(line)).catch((error) => {
    console.error(`native ring: ${error.message}`);
    process.exitCode = 1;
  });
}
