import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

const FONT_FILES = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'];

/** Folders that may hold the fonts, best first: beside the packaged program, else the package they come in. */
function candidates(): string[] {
  const packaged = process.resourcesPath === undefined ? [] : [path.join(process.resourcesPath, 'fonts')];
  try {
    const found = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json');
    return [...packaged, path.join(path.dirname(found), 'ttf')];
  } catch {
    return packaged;
  }
}

/** The font files for text drawn into a video (DejaVu Sans has Latin, Arabic and most others); throws when absent. */
export async function annotationFonts(): Promise<string[]> {
  for (const folder of candidates()) {
    const files = FONT_FILES.map((name) => path.join(folder, name));
    try {
      await Promise.all(files.map((file) => access(file)));
      return files;
    } catch {
      // The next place.
    }
  }
  throw new Error(`no fonts to write with in ${candidates().join(', ')}`);
}
