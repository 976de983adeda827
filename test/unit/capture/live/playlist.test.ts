import { describe, expect, it } from 'vitest';
import { isPlaylist, renamePlaylist } from '../../../../src-worker/capture/live/playlist.ts';

describe('an HLS playlist on its way to ffmpeg', () => {
  it('names only what the relay fetches', () => {
    const seen: string[] = [];
    const name = (url: string): string => `/n${seen.push(url)}`;
    const text = [
      '#EXTM3U',
      '#EXT-X-KEY:METHOD=AES-128,URI="https://keys.example/k?x=1",IV=0x1',
      '#EXT-X-MAP:URI="init.mp4"',
      '#EXTINF:4,',
      'seg/1.ts?token=a',
      '#EXTINF:4,',
      '/base/2.ts',
      '#EXTINF:4,',
      'file:///etc/passwd',
      'concat:a|b',
      '#EXT-X-MEDIA:TYPE=AUDIO,URI="data:text/plain,x"',
    ].join('\n');
    const renamed = renamePlaylist(text, 'http://cam.example/live/index.m3u8', name).split('\n');
    expect(seen).toEqual([
      'https://keys.example/k?x=1',
      'http://cam.example/live/init.mp4',
      'http://cam.example/live/seg/1.ts?token=a',
      'http://cam.example/base/2.ts',
    ]);
    expect(renamed[1]).toBe('#EXT-X-KEY:METHOD=AES-128,URI="/n1",IV=0x1');
    expect(renamed.join('\n')).not.toMatch(/file:|concat:|data:|example/);
  });

  it('is known by its content', () => {
    expect(isPlaylist('\uFEFF#EXTM3U\n')).toBe(true);
    expect(isPlaylist('<html>')).toBe(false);
  });
});
