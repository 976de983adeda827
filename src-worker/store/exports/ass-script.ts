/** Text of an Advanced SubStation script (v4.00+), as libass reads it. */

/** Style names of the script. */
export type AssStyle = 'Shape' | 'Line' | 'Label' | 'Count';

/** Head of the script: one script pixel is one picture pixel. */
export function assHead(width: number, height: number, fontSize: number): string {
  const font = `DejaVu Sans,${fontSize}`;
  const colours = '&H00FFFFFF,&H00FFFFFF,&H00000000,&H00000000';
  const shape = '0,0,0,0,100,100,0,0';
  return [
    '[Script Info]',
    'ScriptType: v4.00+',
    `PlayResX: ${width}`,
    `PlayResY: ${height}`,
    'WrapStyle: 2',
    'ScaledBorderAndShadow: yes',
    'YCbCr Matrix: None',
    '',
    '[V4+ Styles]',
    'Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding',
    `Style: Shape,${font},${colours},${shape},1,0,0,7,0,0,0,1`,
    `Style: Line,${font},${colours},${shape},1,1,0,7,0,0,0,1`,
    // Border style 3: text on a filled box.
    `Style: Label,${font},${colours},${shape},3,1,0,7,0,0,0,1`,
    `Style: Count,${font},${colours},${shape},1,2,0,7,0,0,0,1`,
    '',
    '[Events]',
    'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text',
    '',
  ].join('\n');
}

/** One event, shown from `fromMs` (included) to `toMs` (excluded); both are cut to the hundredths the format has. */
export function assEvent(layer: number, fromMs: number, toMs: number, style: AssStyle, text: string): string {
  return `Dialogue: ${layer},${assTime(fromMs)},${assTime(toMs)},${style},,0,0,0,,${text}\n`;
}

/** h:mm:ss.cc, rounded to the nearest hundredth; times before 0 become 0. */
export function assTime(ms: number): string {
  const cs = Math.max(0, Math.round(ms / 10));
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${Math.floor(cs / 360_000)}:${two(Math.floor(cs / 6000) % 60)}:${two(Math.floor(cs / 100) % 60)}.${two(cs % 100)}`;
}

/** A name as plain text: braces and backslashes would be commands. */
export function assText(text: string): string {
  return text
    .replaceAll('{', '(')
    .replaceAll('}', ')')
    .replaceAll('\\', '/')
    .replace(/\p{Cc}+/gu, ' ');
}

/** A filled shape in picture pixels. Each ring is a closed polygon; one turned the other way round is a hole. */
export function assShape(colour: string, rings: readonly (readonly (readonly [number, number])[])[]): string {
  const path = rings
    .map((ring) =>
      ring.map(([x, y], i) => `${i === 0 ? 'm' : 'l'} ${Math.round(x)} ${Math.round(y)}`).join(' '),
    )
    .join(' ');
  return `{\\an7\\pos(0,0)\\1c${colour}\\p1}${path}`;
}
