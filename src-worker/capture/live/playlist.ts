/** True for what is an HLS playlist by its content, whatever it is called. */
export const isPlaylist = (text: string): boolean => text.replace(/^\uFEFF/, '').startsWith('#EXTM3U');

/**
 * An HLS playlist (RFC 8216) with every address in it replaced. `name` gets absolute http(s) addresses; any other
 * (file:, data:, a protocol of ffmpeg's) is taken out, so that a playlist can lead nowhere else.
 */
export function renamePlaylist(text: string, base: string, name: (url: string) => string): string {
  const rename = (address: string): string | null => {
    if (!URL.canParse(address, base)) return null;
    const url = new URL(address, base);
    return /^https?:$/.test(url.protocol) ? name(url.href) : null;
  };
  return text
    .split(/\r?\n/)
    .map((line) => {
      if (line.trim() === '') return line;
      if (!line.startsWith('#')) return rename(line.trim()) ?? '#';
      return line.replace(/URI="([^"]*)"/g, (_all, address: string) => `URI="${rename(address) ?? ''}"`);
    })
    .join('\n');
}
