import { describe, expect, it } from 'vitest';
import { toFault } from '#shared/domain/fault-text.ts';
import { orderLabels, sameChoice, toggleLabel } from '../../../../src-renderer/figures/class-choice.ts';
import { healthWords, sourceStateOf } from '../../../../src-renderer/figures/health-words.ts';
import { sourceWith, stateWith } from '../app-states.ts';

const process = {
  name: 'detection',
  sourceId: null,
  pid: null,
  state: 'backing-off' as const,
  restarts: 2,
  memoryBytes: null,
  lastError: null,
};

describe('health in words', () => {
  it('is calm when all is well', () => {
    expect(healthWords(stateWith())).toEqual({ words: 'All parts are running', tone: 'good' });
  });

  it('says the worst thing first', () => {
    const fault = toFault('model-corrupt', '');
    const model = { ...stateWith().model, state: 'failed' as const, fault };
    expect(healthWords(stateWith({ model, processes: [process] }))).toEqual({
      words: fault.title,
      tone: 'bad',
    });
    expect(healthWords(stateWith({ processes: [process] }))).toEqual({
      words: 'Detection: waiting to start again',
      tone: 'warn',
    });
    expect(healthWords(stateWith({ processes: [{ ...process, state: 'starting' }] })).words).toBe(
      'Detection: starting again',
    );
    const sources = [sourceWith({ state: 'FAULTED', fault: toFault('file-empty', '') })];
    expect(healthWords(stateWith({ sources })).words).toBe('One source has a problem');
  });

  it('does not wait for a process that only answers a question', () => {
    const asked = { ...process, name: 'capture', state: 'starting' as const, restarts: 0 };
    expect(healthWords(stateWith({ processes: [{ ...asked, sourceId: 'decoders' }] })).words).toBe(
      'All parts are running',
    );
    expect(healthWords(stateWith({ processes: [{ ...asked, name: 'store' }] })).words).toBe('Getting ready');
  });

  it('does not call a video that is played analysed', () => {
    const settings = { ...sourceWith().settings, mode: 'play' as const };
    expect(sourceStateOf(sourceWith({ settings })).words).toBe('Playing');
    expect(sourceStateOf(sourceWith()).words).toBe('Analysing');
  });
});

describe('the choice of classes', () => {
  it('shows the common ones first, those the model knows, and the others by name', () => {
    expect(orderLabels(['zebra', 'car', 'apple', 'person'])).toEqual({
      common: ['person', 'car'],
      others: ['apple', 'zebra'],
    });
  });

  it('is the same choice in any order', () => {
    expect(toggleLabel(['car'], 'bus')).toEqual(['car', 'bus']);
    expect(toggleLabel(['car', 'bus'], 'car')).toEqual(['bus']);
    expect(sameChoice(['car', 'bus'], ['bus', 'car'])).toBe(true);
    expect(sameChoice(['car'], [])).toBe(false);
  });
});
