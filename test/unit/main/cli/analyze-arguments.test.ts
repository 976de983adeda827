import { describe, expect, it } from 'vitest';
import { parseAnalyzeArguments } from '../../../../src-main/cli/analyze-arguments.ts';

describe('the words after analyze', () => {
  it('give lines, zones, classes and files', () => {
    const args = parseAnalyzeArguments([
      'a film.mp4',
      '--line',
      'main:320,130,320,345',
      '--line=bend:0,0,10,10,20,0',
      '--zone',
      'yard:0,0;10,0;10,10',
      '--classes',
      'car, truck,cell phone',
      '--conf',
      '0.3',
      '--every=2',
      '--out',
      'x',
      '--mot',
      'm.txt',
      '--json',
    ]);
    expect(args).toEqual({
      video: 'a film.mp4',
      lines: [
        {
          name: 'main',
          points: [
            { x: 320, y: 130 },
            { x: 320, y: 345 },
          ],
        },
        {
          name: 'bend',
          points: [
            { x: 0, y: 0 },
            { x: 10, y: 10 },
            { x: 20, y: 0 },
          ],
        },
      ],
      zones: [
        {
          name: 'yard',
          points: [
            { x: 0, y: 0 },
            { x: 10, y: 0 },
            { x: 10, y: 10 },
          ],
        },
      ],
      classes: ['car', 'truck', 'cell phone'],
      confidence: 0.3,
      model: null,
      provider: null,
      every: 2,
      fps: null,
      out: 'x',
      mot: 'm.txt',
      motDet: null,
      annotate: null,
      json: true,
      publish: null,
    });
  });

  it('let a name hold colons and a file begin with dashes after --', () => {
    const args = parseAnalyzeArguments(['--line', 'gate 2: north:1,2,3,4', '--', '--odd.mp4']);
    expect(args.lines[0]?.name).toBe('gate 2: north');
    expect(args.video).toBe('--odd.mp4');
  });

  it.each([
    [[], 'no VIDEO'],
    [['a', 'b'], 'one VIDEO'],
    [['a', '--nope'], 'no option --nope'],
    [['a', '--line'], 'needs a value'],
    [['a', '--line', '1,2,3,4'], 'no NAME'],
    [['a', '--line', 'x:1,2,3'], 'pairs of x,y'],
    [['a', '--line', 'x:1,2,3,four'], '"four" will not do'],
    [['a', '--line', 'x:1,2,3,Infinity'], '"Infinity" will not do'],
    [['a', '--line', 'x:1,2,3,'], 'will not do'],
    [['a', '--line', 'x:1,2,3,4', '--line', 'x:1,2,3,5'], 'given twice'],
    [['a', '--zone', 'x:1,2;3,4'], 'x:1,2;3,4'],
    [['a', '--zone', 'x:1,2;3,4;5'], 'is not x,y'],
    [['a', '--conf', '2'], '"2" will not do'],
    [['a', '--conf', 'NaN'], '"NaN" will not do'],
    [['a', '--every', '0'], '"0" will not do'],
    [['a', '--every', '1.5'], '"1.5" will not do'],
    [['a', '--fps', '-3'], '"-3" will not do'],
    [['a', '--every', '2', '--fps', '3'], 'exclude each other'],
    [['a', '--out', 'x', '--out', 'y'], 'given twice'],
  ])('%j is refused and says why', (words, why) => {
    expect(() => parseAnalyzeArguments(words)).toThrowError(
      expect.objectContaining({ kind: 'bad-argument' }),
    );
    expect(() => parseAnalyzeArguments(words)).toThrowError(why);
  });
});
