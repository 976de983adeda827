import { expect, test } from 'vitest';
import { csvText } from '../../../src-worker/store/exports/csv.ts';
import { decimal, toCentipixels, toMicroseconds } from '../../../src-worker/store/fixed-point.ts';

test.each([
  ['plain', 'car', 'car'],
  ['empty', '', ''],
  ['comma', 'a,b', '"a,b"'],
  ['quote', 'say "hi"', '"say ""hi"""'],
  ['line feed', 'a\nb', '"a\nb"'],
  ['carriage return', 'a\rb', '"a\rb"'],
  ['Arabic', 'كاميرا ١', 'كاميرا ١'],
  ['inner formula sign', 'a=b+c-d@e', 'a=b+c-d@e'],
  ['equals', '=1+1', "'=1+1"],
  ['plus', '+1', "'+1"],
  ['minus', '-1', "'-1"],
  ['at', '@SUM(A1)', "'@SUM(A1)"],
  ['tab', '\tx', "'\tx"],
  ['leading carriage return', '\rx', '"\'\rx"'],
  ['leading line feed', '\nx', '"\'\nx"'],
  ['blank before the sign', '  =1', "'  =1"],
  ['no-break space before the sign', '\u00a0=1', "'\u00a0=1"],
  ['full-width equals', '＝1', "'＝1"],
  ['formula with quotes', '=HYPERLINK("http://x")', '"\'=HYPERLINK(""http://x"")"'],
  ['blank before a word', ' car', ' car'],
])('%s', (_, text, field) => {
  expect(csvText(text)).toBe(field);
});

test.each([
  [0, 2, '0.00'],
  [5, 2, '0.05'],
  [-5, 2, '-0.05'],
  [12_345, 2, '123.45'],
  [-12_345, 3, '-12.345'],
  [10_000, 4, '1.0000'],
  [95_443_700_000, 3, '95443700.000'],
] as const)('%d with %d places is %s', (scaled, digits, text) => {
  expect(decimal(scaled, digits)).toBe(text);
});

test('values are rounded to the nearest stored step', () => {
  expect(toCentipixels(0.1 + 0.2)).toBe(30);
  expect(toCentipixels(4095.996)).toBe(409_600);
  expect(toMicroseconds(1000 / 30)).toBe(33_333);
});
