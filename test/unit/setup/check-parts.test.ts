import { expect, test } from 'vitest';
import { withProcessGraph } from '../../../build/check/process-graph.ts';
import { findComplaints } from '../../../build/check/source-rules.ts';
import { countTests } from '../../../build/check/test-count.ts';

const link = {
  name: 'capture-detection',
  from: 'capture',
  to: 'detection',
  purpose: 'where each frame lies',
  commands: { 'ring.open': {} },
  queries: {},
  notices: { 'frame.ready': {} },
  events: {},
};

test('the process graph is put at the end of a page once and replaced from then on', () => {
  const first = withProcessGraph('# Page\n', [link]);
  expect(first).toContain('capture -- capture-detection --> detection');
  expect(first).toContain('`ring.open` `frame.ready`');
  expect(withProcessGraph(first, [link])).toBe(first);
  const renamed = withProcessGraph(first, [{ ...link, to: 'store' }]);
  expect(renamed).toContain('capture -- capture-detection --> store');
  expect(renamed).not.toContain('--> detection');
});

test('text around the graph stays as it is', () => {
  const page = `${withProcessGraph('# Page\n', [link])}\n## After\n`;
  const redrawn = withProcessGraph(page, []);
  expect(redrawn.startsWith('# Page\n')).toBe(true);
  expect(redrawn.endsWith('\n## After\n')).toBe(true);
});

test.each([
  ['unfinished work', 'src-main/a.ts', `// TO${'DO'}: later`],
  ['a rule switched off', 'src-main/a.ts', `// @ts-${'ignore'}`],
  ['a type given up', 'src-main/a.ts', `const x = y as ${'any'};`],
  ["one machine's path", 'src-main/a.ts', `const x = '/${'home'}/me/clip.mp4';`],
  ['a test that hides the others', 'test/unit/a.test.ts', `it.${'only'}('x', () => {});`],
  ['a vague file name', `src-main/frame-${'utils'}.ts`, 'export {};'],
  ['a vague folder name', `src-main/${'helpers'}/frame.ts`, 'export {};'],
  ['a file past 400 lines', 'src-main/a.ts', 'x;\n'.repeat(401)],
])('the file rules find %s', (_what, path, text) => {
  expect(findComplaints(path, text)).toHaveLength(1);
});

test('the file rules say the line', () => {
  expect(findComplaints('a.ts', `one\n// FIX${'ME'}\n`)).toMatchObject([{ path: 'a.ts', line: 2 }]);
});

test('a plain file of 400 lines has no complaint', () => {
  expect(findComplaints('src-main/frame.ts', 'const anyone = 1;\n'.repeat(400))).toEqual([]);
});

test('tests are counted, and a run that broke without a failed test still counts as one failed', () => {
  const report = { numPassedTests: 7, numFailedTests: 2, numPendingTests: 1, numTodoTests: 0 };
  expect(countTests(report, 1)).toEqual({ passed: 7, failed: 2, skipped: 1 });
  expect(countTests({ ...report, numFailedTests: 0 }, 1).failed).toBe(1);
  expect(countTests(null, 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(countTests({ ...report, numFailedTests: 0 }, 0).failed).toBe(0);
});
