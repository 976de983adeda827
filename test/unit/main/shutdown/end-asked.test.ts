import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { onEndAsked } from '../../../../src-main/shutdown/end-asked.ts';

function asked(...signals: ('SIGINT' | 'SIGTERM')[]): string[] {
  const source = new EventEmitter();
  const heard: string[] = [];
  onEndAsked(
    { first: (signal) => heard.push(`first ${signal}`), again: (signal) => heard.push(`again ${signal}`) },
    source,
  );
  for (const signal of signals) source.emit(signal, signal);
  return heard;
}

describe('being asked to end', () => {
  test('the first time is in order, the second at once, by whatever signal', () => {
    expect(asked()).toEqual([]);
    expect(asked('SIGTERM')).toEqual(['first SIGTERM']);
    expect(asked('SIGINT', 'SIGTERM')).toEqual(['first SIGINT', 'again SIGTERM']);
  });

  test('a third time changes nothing', () => {
    expect(asked('SIGINT', 'SIGINT', 'SIGINT')).toEqual(['first SIGINT', 'again SIGINT']);
  });
});
