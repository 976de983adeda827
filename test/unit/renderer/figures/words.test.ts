import { describe, expect, it } from 'vitest';
import { kmhWords } from '../../../../src-renderer/figures/speed-words.ts';
import {
  ageWords,
  bothWords,
  countWords,
  durationWords,
  measuredWords,
  memoryWords,
  rateWords,
  remainingWords,
  speedWords,
} from '../../../../src-renderer/figures/words.ts';

describe('figures in words', () => {
  it.each([
    [0, '0:00'],
    [999, '0:00'],
    [7_000, '0:07'],
    [723_400, '12:03'],
    [3_723_000, '1:02:03'],
    [-5, '0:00'],
  ])('a duration of %d ms is %s', (durationMs, words) => {
    expect(durationWords(durationMs)).toBe(words);
  });

  it.each([
    [800, 'less than 5 s'],
    [6_000, 'about 10 s'],
    [41_000, 'about 45 s'],
    [57_000, 'about 1 min'],
    [12 * 60_000, 'about 12 min'],
    [59.8 * 60_000, 'about 1 h'],
    [100 * 60_000, 'about 1 h 40 min'],
    [119 * 60_000, 'about 2 h'],
    [26 * 3_600_000, 'about 26 h'],
  ])('%d ms are %s', (remainingMs, words) => {
    expect(remainingWords(remainingMs)).toBe(words);
  });

  it.each([
    [40, '40 ms'],
    [1_340, '1.3 s'],
    [12_400, '12 s'],
    [185_000, '3 min'],
  ])('an age of %d ms is %s', (ageMs, words) => {
    expect(ageWords(ageMs)).toBe(words);
  });

  it('rates, speeds, measurements, memory and counts have no more digits than they deserve', () => {
    expect([rateWords(3.14), rateWords(61.7)]).toEqual(['3.1', '62']);
    expect([speedWords(0.82), speedWords(14.3)]).toEqual(['0.8×', '14×']);
    expect([measuredWords(7.84), measuredWords(23.6)]).toEqual(['7.8 ms', '24 ms']);
    expect([memoryWords(219 * 2 ** 20), memoryWords(12 * 2 ** 30)]).toEqual(['219 MB', '12.0 GB']);
    expect(countWords(1234567)).toBe('1,234,567');
  });

  it('a corrected count has both numbers, and one that nobody corrected has one', () => {
    expect(bothWords({ machine: 1200, corrected: null })).toBe('1,200');
    expect(bothWords({ machine: 12, corrected: 11 })).toBe('12 · corrected 11');
    expect(bothWords({ machine: 12, corrected: 12 })).toBe('12 · corrected 12');
  });

  it('a speed never claims to be surer than it is', () => {
    expect(kmhWords({ kmh: 48.4, uncertaintyKmh: 2.1 })).toBe('48 ±3 km/h');
    expect(kmhWords({ kmh: 0.2, uncertaintyKmh: 0.01 })).toBe('0 ±1 km/h');
  });
});
