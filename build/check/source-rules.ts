/** One thing wrong in one file. */
export interface Complaint {
  readonly path: string;
  /** From 1; null when it concerns the whole file. */
  readonly line: number | null;
  readonly what: string;
}

const lineLimit = 400;

const vagueNames = new Set([
  'util',
  'utils',
  'helper',
  'helpers',
  'misc',
  'manager',
  'managers',
  'common',
  'service',
  'services',
]);

interface ForbiddenText {
  readonly pattern: RegExp;
  readonly why: string;
  /** Only files whose path matches; all when absent. */
  readonly where?: RegExp;
}

// Written in pieces so that this file does not hold the words it looks for.
const forbidden: readonly ForbiddenText[] = [
  {
    pattern: new RegExp(`\\b(TO${'DO'}|FIX${'ME'}|XX${'X'}|HA${'CK'})\\b`),
    why: 'unfinished work: finish it',
  },
  { pattern: new RegExp(`biome${'-ignore'}|@ts-(ignore|nocheck|expect-error)`), why: 'a rule switched off' },
  { pattern: new RegExp(`\\bas ${'any'}\\b|: ${'any'}\\b`), why: 'a type given up', where: /\.tsx?$/ },
  { pattern: /["'`]\/(work|home|root)\//, why: "one machine's path" },
  {
    pattern: new RegExp(`\\b(it|test|describe)\\.${'only'}\\(`),
    why: 'hides all other tests',
    where: /^test\//,
  },
];

/** The folders and the stem of a path, split at dashes and dots: "src-main/log-sink.ts" -> src main log sink. */
function wordsOf(path: string): string[] {
  return path
    .replace(/\.[^./]+$/, '')
    .toLowerCase()
    .split(/[/.\-_]/);
}

/** What the file rules find wrong with one source file; `path` is relative to the project, with slashes. */
export function findComplaints(path: string, text: string): Complaint[] {
  const complaints: Complaint[] = [];
  const lines = text.trimEnd().split('\n');
  const vague = wordsOf(path).find((word) => vagueNames.has(word));
  if (vague)
    complaints.push({ path, line: null, what: `"${vague}" in its name says nothing: name its noun` });
  if (lines.length > lineLimit) {
    complaints.push({
      path,
      line: null,
      what: `${lines.length} lines; ${lineLimit} are the limit: split it`,
    });
  }
  for (const { pattern, why, where } of forbidden) {
    if (where && !where.test(path)) continue;
    for (const [index, line] of lines.entries()) {
      const found = pattern.exec(line);
      if (found) complaints.push({ path, line: index + 1, what: `"${found[0]}": ${why}` });
    }
  }
  return complaints;
}
