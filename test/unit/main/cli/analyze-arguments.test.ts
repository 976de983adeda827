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
      gates: [],
      calibration: null,
      classes: ['car', 'truck', 'cell phone'],
      confidence: 0.3,
      model: null,
      provider: null,
      trace: { endpoint: null, sampleEvery: 30 },
      every: 2,
      fps: null,
      out: 'x',
      mot: 'm.txt',
      motDet: null,
      annotate: null,
      evidence: false,
      json: true,
      publish: null,
    });
  });

  it('let a name hold colons and a file begin with dashes after --', () => {
    const args = parseAnalyzeArguments(['--line', 'gate 2: north:1,2,3,4', '--', '--odd.mp4']);
    expect(args.lines[0]?.name).toBe('gate 2: north');
    expect(args.video).toBe('--odd.mp4');
  });

  it('give gates, a calibration and loitering thresholds', () => {
    const args = parseAnalyzeArguments([
      'a',
      '--gate',
      'north arm:10,20,30,40',
      '--gate=south:1,2,3,4,5,6',
      '--zone=yard:0,0;10,0;10,10',
      '--zone=road:0,0;10,0;10,10',
      '--loiter',
      'yard:2.5',
      '--calibrate',
      '0,100=0,0;100,100=5,0;80,50=5,12.5;20,50=0,12.5',
    ]);
    expect(args.gates).toMatchObject([
      { name: 'north arm', inward: 'forward', use: 'both' },
      {
        name: 'south',
        points: [
          { x: 1, y: 2 },
          { x: 3, y: 4 },
          { x: 5, y: 6 },
        ],
      },
    ]);
    expect(args.zones.map(({ loiterMs }) => loiterMs)).toEqual([2500, undefined]);
    expect(args.calibration?.points[2]).toEqual({ image: { x: 80, y: 50 }, ground: { x: 5, y: 12.5 } });
  });

  it.each([
    [[], 'no VIDEO'],
    [['a', '--gate', 'unknown:1,2,3,4'], 'may not be named'],
    [['a', '--gate', 'x:1,2,3,4', '--gate', 'x:1,2,3,5'], 'given twice'],
    [['a', '--loiter', 'yard:5'], 'no zone "yard"'],
    [['a', '--zone', 'yard:0,0;10,0;10,10', '--loiter', 'yard:0'], '"0" will not do'],
    [['a', '--calibrate', '0,0=0,0;1,0=1,0;1,1=1,1'], 'four are needed'],
    [['a', '--calibrate', '0,0;1,0;1,1;0,1'], 'is not x,y=X,Y'],
    [['a', '--calibrate', '0,0=0,0;1,0=1,0;2,0=1,1;0,1=0,1'], 'no three of them on a line'],
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
