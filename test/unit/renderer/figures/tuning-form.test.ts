import { describe, expect, it } from 'vitest';
import { runSettingsSchema } from '#shared/domain/run.ts';
import type { Tuning } from '#shared/domain/tuning.ts';
import { draftOf, newRule, settingsOf, tuningWords } from '../../../../src-renderer/figures/tuning-form.ts';
import { sourceWith } from '../app-states.ts';

const EMPTY_RULE = newRule([]);
const plain = { confidence: null };
const tuning: Tuning = {
  algorithm: 'oc-sort',
  anchor: 'centre',
  cameraMotion: true,
  inputSize: 960,
  classRules: [
    { label: 'person', confidence: 0.35, minHeight: 0.07, maxHeight: 0.5 },
    { label: null, confidence: 0.2, minArea: 0.001 },
  ],
  tiles: { columns: 2, rows: 2, overlap: 0.3 },
  looks: { model: 'people.onnx', classes: ['person', 'dog'], perFrame: 4 },
};

describe('the advanced settings of a source', () => {
  it('are left out as long as nobody changed anything', () => {
    expect(settingsOf(draftOf(plain), plain)).toEqual({ settings: { confidence: null }, problem: null });
    expect(tuningWords(plain)).toBe('');
  });

  it('read back what was written, also what the form does not show', () => {
    const before = { confidence: 0.4, tuning };
    const read = settingsOf(draftOf(before), before);
    expect(read).toEqual({ settings: before, problem: null });
    expect(runSettingsSchema.parse({ ...sourceWith().settings, ...before })).toMatchObject(before);
    expect(tuningWords(before)).toBe(
      'sure from 0.4, OC-SORT, counted by the middle, swaying camera, 960 pixels, 2 × 2 tiles, looks by people.onnx, 2 rules',
    );
  });

  it('keep of whom looks are taken when another model is chosen, and drop it with the model', () => {
    const before = { confidence: null, tuning: { looks: tuning.looks } };
    const chosen = settingsOf({ ...draftOf(before), looks: 'b.onnx' }, before);
    expect(chosen).toMatchObject({ settings: { tuning: { looks: { ...tuning.looks, model: 'b.onnx' } } } });
    expect(settingsOf({ ...draftOf(before), looks: '' }, before)).toMatchObject({
      settings: { confidence: null },
    });
    expect(settingsOf({ ...draftOf(before), looks: '' }, before)).not.toHaveProperty('settings.tuning');
  });

  it('take percentages and commas as people write them', () => {
    const rules = [{ ...EMPTY_RULE, label: 'car', confidence: '0,3', minHeight: '7', maxArea: ' 12.5 ' }];
    expect(settingsOf({ ...draftOf(plain), rules }, plain)).toMatchObject({
      settings: {
        tuning: { classRules: [{ label: 'car', confidence: 0.3, minHeight: 0.07, maxArea: 0.125 }] },
      },
    });
  });

  it.each([
    [{ confidence: '1.2' }, 'How sure'],
    [{ rules: [{ ...EMPTY_RULE, confidence: 'very' }] }, 'How sure'],
    [{ rules: [{ ...EMPTY_RULE, minHeight: '101' }] }, 'percentages'],
    [{ rules: [{ ...EMPTY_RULE, minHeight: '50', maxHeight: '20' }] }, 'least height'],
    [{ rules: [EMPTY_RULE, EMPTY_RULE] }, 'two rules'],
  ])('refuse %j in words', (changed, words) => {
    expect(settingsOf({ ...draftOf(plain), ...changed }, plain).problem).toContain(words);
  });
});
