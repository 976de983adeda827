import { describe, expect, it } from 'vitest';
import { parseAnalyzeArguments } from '../../../../src-main/cli/analyze-arguments.ts';

const tuning = (...words: string[]) => parseAnalyzeArguments(['film.mp4', ...words]).tuning;

describe('how a video is looked at and followed', () => {
  it('is left to the program when nothing is said', () => {
    expect(tuning()).toBeUndefined();
  });

  it('can be said in words', () => {
    expect(
      tuning(
        ...[
          '--tracker',
          'oc-sort',
          '--anchor',
          'centre',
          '--camera-motion',
          '--tiles',
          '3x2:0.25',
          '--input-size=960',
        ],
        ...['--rule', 'person:conf=0.4,height=0.05-0.8', '--rule', '*:area=-0.2'],
      ),
    ).toEqual({
      algorithm: 'oc-sort',
      anchor: 'centre',
      cameraMotion: true,
      tiles: { columns: 3, rows: 2, overlap: 0.25 },
      inputSize: 960,
      classRules: [
        { label: 'person', confidence: 0.4, minHeight: 0.05, maxHeight: 0.8 },
        { label: null, minArea: 0, maxArea: 0.2 },
      ],
    });
  });

  it('can ask for looks, of whom and how many', () => {
    expect(tuning('--looks', 'people.onnx')).toEqual({ looks: { model: 'people.onnx' } });
    expect(tuning('--looks', 'people.onnx:4')).toEqual({ looks: { model: 'people.onnx', perFrame: 4 } });
    expect(tuning('--looks', 'a.onnx:car, truck')).toEqual({
      looks: { model: 'a.onnx', classes: ['car', 'truck'] },
    });
    expect(tuning('--looks', 'a.onnx:16:car')).toEqual({
      looks: { model: 'a.onnx', perFrame: 16, classes: ['car'] },
    });
  });

  it.each([
    [['--looks', '../people.onnx'], /--looks: a look model is the name of an \.onnx file/],
    [['--looks', 'people.pt'], /--looks/],
    [['--looks', 'people.onnx:0'], /--looks/],
    [['--looks', 'people.onnx:4:car:5'], /is not FILE\.onnx/],
    [['--tracker', 'sort'], /--tracker/],
    [['--anchor', 'top'], /--anchor/],
    [['--tiles', '2'], /COLUMNSxROWS/],
    [['--tiles', '1x1'], /one tile is the picture itself/],
    [['--tiles', '5x1'], /--tiles/],
    [['--input-size', '10'], /--input-size/],
    [['--rule', 'person'], /has no CLASS: in front/],
    [['--rule', 'person:weight=3'], /none of conf=N/],
    [['--rule', 'person:conf=2'], /--rule: "2"/],
    [['--rule', 'person:height=0.5'], /not MIN-MAX/],
    [['--rule', 'person:height=0.5-0.2'], /minHeight must not exceed maxHeight/],
    [['--rule', 'person:conf=0.3', '--rule', 'person:conf=0.4'], /a class has two rules/],
  ])('%j is refused', (words, reason) => {
    expect(() => tuning(...words)).toThrow(reason);
  });
});
