import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const lineSchema = z.looseObject({
  process: z.string(),
  pid: z.number().nullable(),
  sourceId: z.string().nullable(),
  message: z.string(),
  time: z.string(),
});
export type KeptLine = z.infer<typeof lineSchema>;

/** Every line of the log that ivis keeps in its data folder, oldest file first. */
export function keptLog(dataFolder: string): KeptLine[] {
  const folder = join(dataFolder, 'logs');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .flatMap((line) => {
      try {
        const parsed = lineSchema.safeParse(JSON.parse(line));
        return parsed.success ? [parsed.data] : [];
      } catch {
        // Half a line, which its writer had no time to end.
        return [];
      }
    });
}
