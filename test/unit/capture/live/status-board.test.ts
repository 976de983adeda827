import { describe, expect, it } from 'vitest';
import { StatusBoard } from '../../../../src-worker/capture/live/status-board.ts';

const clock = { monoMs: () => 0, wallMs: () => 0 };
const mask = (text: string): string => text.replaceAll('s3cret', '***');

describe('the last words of an ffmpeg', () => {
  it('are its own last lines and nothing of the one before, without a secret', () => {
    const board = new StatusBoard(clock, mask, () => {});
    expect(board.lastWords).toBe('');
    for (let n = 0; n < 30; n++) board.line(`line ${n}`);
    expect(board.lastWords.split('\n')).toEqual(Array.from({ length: 8 }, (_, n) => `line ${22 + n}`));
    board.begin();
    expect(board.lastWords).toBe('');
    board.line('rtsp://a:s3cret@camera: refused');
    expect(board.lastWords).toBe('rtsp://a:***@camera: refused');
    board.line('x'.repeat(5000));
    expect(board.lastWords.split('\n')[1]).toHaveLength(1000);
  });
});
