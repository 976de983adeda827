// Who may import whom. Every rule is an error. The table is explained in ARCHITECTURE.md.
const node = { dependencyTypes: ['core'] };

/** Every npm package the app may use, and the folders that may use it. A package that is not here fails. */
const homes = {
  zod: ['^src-'],
  electron: ['^src-main/', '^src-worker/_runtime/'],
  '@ffmpeg-installer/ffmpeg': ['^src-worker/capture/'],
  'onnxruntime-node': ['^src-worker/(detection|plates)/'],
  'better-sqlite3': ['^src-worker/store/'],
  '@fontsource-variable/inter': ['^src-renderer/'],
  pino: ['^src-main/logging/'],
  '@opentelemetry/api': ['^src-main/tracing/'],
  '@opentelemetry/resources': ['^src-main/tracing/'],
  '@opentelemetry/sdk-trace': ['^src-main/tracing/'],
  '@opentelemetry/exporter-trace-otlp-http': ['^src-main/tracing/'],
  'prom-client': ['^src-main/metrics/'],
  yaml: ['^src-main/settings/'],
  uplot: ['^src-renderer/'],
  '@julusian/jpeg-turbo': ['^src-worker/(capture|detection|store)/'],
  react: ['^src-renderer/'],
  'react-dom': ['^src-renderer/'],
  zustand: ['^src-renderer/'],
};
const homePattern = (name) => `^node_modules/(@types/)?${name.replace('/', '\\/')}/`;
const ownPackages = Object.keys(homes).map(homePattern);

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const layers = [
  rule(
    'shared-stands-alone',
    'src-shared runs everywhere: it imports zod and itself, no Node, no Electron.',
    {
      path: '^src-shared/',
    },
    { pathNot: ['^src-shared/', homePattern('zod')] },
  ),
  rule(
    'native-stands-alone',
    'The addon and its loader know nothing of the app.',
    { path: '^native/lib/' },
    {
      path: '^src-',
    },
  ),
  rule(
    'main-imports',
    'main supervises: no worker code, no page code.',
    {
      path: '^src-main/',
      pathNot: '^src-main/preload/',
    },
    { path: ['^src-worker/', '^src-renderer/', '^src-main/preload/'] },
  ),
  rule(
    'main-owns-rings-only',
    'Only the ring owner and the perception desk of main touch the native library.',
    {
      path: '^src-main/',
      pathNot: '^src-main/(frame-ring|perception)/',
    },
    { path: '^native/' },
  ),
  rule(
    'preload-is-thin',
    'The preload hands out the contract and nothing else.',
    { path: '^src-main/preload/' },
    {
      pathNot: ['^src-main/preload/', '^src-shared/', homePattern('electron'), homePattern('zod')],
    },
  ),
  rule(
    'runtime-knows-no-worker',
    'The runtime is the same for every worker.',
    { path: '^src-worker/_runtime/' },
    {
      path: ['^src-worker/(?!_runtime/)', '^src-main/', '^src-renderer/'],
    },
  ),
  rule(
    'workers-are-strangers',
    'Workers speak through contracts and never import one another.',
    {
      path: '^src-worker/(?!_runtime/)([^/]+)/',
    },
    { path: ['^src-worker/(?!_runtime/)[^/]+/', '^src-main/', '^src-renderer/'], pathNot: '^src-worker/$1/' },
  ),
  rule(
    'runtime-only-at-the-door',
    "Only a worker's entry (index.ts, X-worker.ts) uses the runtime: the rest is tested without a process.",
    {
      path: '^src-worker/(?!_runtime/)([^/]+)/',
      pathNot: '^src-worker/([^/]+)/(index|\\1-worker)\\.ts$',
    },
    { path: '^src-worker/_runtime/' },
  ),
  rule(
    'pure-parts-are-pure',
    'Tracking, counting, votes, state machines and policies: no Node, no native, no package.',
    {
      path: [
        '^src-worker/detection/(tracking|counting)/',
        '^src-worker/plates/(vote|formats/)',
        '-(machine|policy)\\.ts$',
      ],
    },
    { path: ['^native/', '^src-worker/_runtime/', '^node_modules/(?!zod/)'] },
  ),
  rule(
    'pure-parts-use-no-node',
    'As above, for built-in modules: the clock and the randomness are passed in.',
    {
      path: [
        '^src-worker/detection/(tracking|counting)/',
        '^src-worker/plates/(vote|formats/)',
        '-(machine|policy)\\.ts$',
      ],
    },
    node,
  ),
  rule(
    'page-imports',
    'The page is sandboxed: no Node, no native, no other process.',
    { path: '^src-renderer/' },
    {
      path: ['^src-main/', '^src-worker/', '^native/'],
    },
  ),
  rule(
    'page-uses-no-node',
    'The page is sandboxed: there is no Node in it.',
    { path: '^src-renderer/' },
    node,
  ),
  rule(
    'stores-draw-nothing',
    'A store of the page knows no component.',
    { path: '^src-renderer/stores/' },
    {
      path: '\\.tsx$',
    },
  ),
  rule(
    'nothing-imports-tests',
    'The app does not depend on its tests or build.',
    { path: '^(src-|native/lib/)' },
    {
      path: ['^test/', '^build/'],
    },
  ),
];

const packages = [
  ...Object.entries(homes).map(([name, folders]) =>
    rule(
      `home-of-${name.replace(/[@/]/g, '-').replace(/^-/, '')}`,
      `${name} has its home: ${folders.join(', ')}`,
      {
        path: '^(src-|native/lib/)',
        pathNot: folders,
      },
      { path: homePattern(name) },
    ),
  ),
  rule(
    'package-without-a-home',
    'Name the package and who may use it in `homes` above.',
    {
      path: '^(src-|native/lib/)',
    },
    { path: '^node_modules/', pathNot: [...ownPackages, '^node_modules/@types/node/'] },
  ),
];

const general = [
  rule('no-circle', 'Two files that need each other are one file, or miss a third.', {}, { circular: true }),
  rule('no-unknown-module', 'The import leads nowhere.', {}, { couldNotResolve: true }),
  rule(
    'no-dev-package',
    'A package the app uses belongs in dependencies; electron comes with the shell.',
    {
      path: '^(src-|native/lib/)',
    },
    {
      dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
      dependencyTypesNot: ['type-only'],
      pathNot: [homePattern('electron')],
    },
  ),
];

module.exports = {
  forbidden: [...layers, ...packages, ...general],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.css$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.node'] },
  },
};
