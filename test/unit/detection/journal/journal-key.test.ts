import { describe, expect, it } from 'vitest';
import type { LoadedModel } from '#shared/domain/model.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import { journalKey } from '../../../../src-worker/detection/journal/journal-key.ts';
import { plainSettings } from '../run-fixture.ts';

const model: LoadedModel = {
  ...{ id: 'tiny', sha256: 'a'.repeat(64), provider: 'cpu' },
  ...{ inputSize: '64x64', measuredMs: 1, probed: [] },
};
const keyOf = (settings: Partial<RunSettings>, loaded: Partial<LoadedModel> = {}, film = 'film'): string =>
  journalKey(film, { ...model, ...loaded }, { ...plainSettings, ...settings }).toString('hex');

const line = {
  name: 'gate',
  points: [
    { x: 1, y: 2 },
    { x: 30, y: 40 },
  ],
};
const zone = {
  name: 'yard',
  points: [
    { x: 1, y: 2 },
    { x: 30, y: 40 },
    { x: 1, y: 40 },
  ],
};
const crop = { include: [], exclude: [], crop: { x1: 0, y1: 0, x2: 32, y2: 32 } };

describe('what is seen in a film', () => {
  const plain = keyOf({});

  it.each<[string, Partial<RunSettings>]>([
    ['lines', { lines: [line] }],
    ['zones', { zones: [zone] }],
    ['classes to keep', { classes: ['person'] }],
    ['evidence', { evidence: 'crop' }],
    ['the tracker', { tuning: { algorithm: 'oc-sort' } }],
  ])('does not depend on %s', (_, settings) => {
    expect(keyOf(settings)).toBe(plain);
  });

  it.each<[string, string]>([
    ['the film', keyOf({}, {}, 'another')],
    ['the model', keyOf({}, { sha256: 'b'.repeat(64) })],
    ['what the model runs on', keyOf({}, { provider: 'cuda' })],
    ['the confidence', keyOf({ confidence: 0.5 })],
    ['which frames are looked at', keyOf({ every: 2 })],
    ['how often it is looked at', keyOf({ fps: 5 })],
    ['the part of the picture', keyOf({ regions: crop })],
    ['how large the model sees it', keyOf({ tuning: { inputSize: 960 } })],
    ['tiles', keyOf({ tuning: { tiles: { columns: 2, rows: 1, overlap: 0.2 } } })],
    ['rules for classes', keyOf({ tuning: { classRules: [{ label: null, minHeight: 0.1 }] } })],
  ])('depends on %s', (_, key) => {
    expect(key).not.toBe(plain);
  });
});
