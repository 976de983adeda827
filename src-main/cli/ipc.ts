import { z } from 'zod';
import { NamedError, toWireError } from '#shared/contracts/wire-error.ts';
import { type Inspection, inspect } from '../perception/inspection.ts';
import type { CommandContext } from './analyze.ts';
import { exitCodeOf } from './exit-code.ts';
import { parseNumber } from './shape-arguments.ts';
import { say, tell } from './terminal.ts';

export const ipcUsage = `ivis ipc inspect [FOLDER] [--seconds 1] [--json]`;

/** `ivis ipc inspect`: shows what is published on this machine; exit code 0 when everything found is sound. */
export async function ipc(words: readonly string[], _context: CommandContext): Promise<number> {
  try {
    const { folder, seconds, json } = parse(words);
    const found = await inspect(folder, seconds * 1000);
    if (json) say(JSON.stringify(found));
    else say(textOf(found));
    return found.publishers.length > 0 && found.healthy ? 0 : 1;
  } catch (thrown) {
    const { kind, message } = toWireError(thrown);
    tell(`error ${kind}: ${message}`);
    return exitCodeOf(kind);
  }
}

function parse(words: readonly string[]): { folder: string | null; seconds: number; json: boolean } {
  const bad = (message: string): NamedError => new NamedError('bad-argument', `${message}\n\n${ipcUsage}`);
  const [what, ...rest] = words;
  if (what !== 'inspect') throw bad(what === undefined ? 'what about it?' : `there is no "ipc ${what}"`);
  let folder: string | null = null;
  let seconds = 1;
  let json = false;
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i] ?? '';
    if (word === '--json') json = true;
    else if (word === '--seconds')
      seconds = parseNumber(rest[++i] ?? '', '--seconds', z.number().positive().max(3600));
    else if (word.startsWith('--')) throw bad(`there is no option ${word}`);
    else if (folder !== null) throw bad('one FOLDER at a time');
    else folder = word;
  }
  return { folder, seconds, json };
}

function textOf(found: Inspection): string {
  if (found.publishers.length === 0) return `nobody publishes in ${found.folder}`;
  const lines: string[] = [];
  for (const publisher of found.publishers) {
    const age = (ms: number | null): string => (ms === null ? 'not there' : `${Math.round(ms)} ms old`);
    lines.push(
      `${publisher.folder}`,
      `  process ${publisher.pid ?? '?'}, status ${age(publisher.statusAgeMs)}, stats ${age(publisher.statsAgeMs)}, commands ${publisher.commands ? 'answered' : 'not answered'}`,
    );
    if (publisher.regions.length === 0) lines.push('  no region: no source runs');
    for (const region of publisher.regions) {
      lines.push(
        `  ${region.region}  source ${region.sourceId}, run ${region.runId}: ${region.state}${region.silenceMs === null ? '' : `, heartbeat ${Math.round(region.silenceMs)} ms ago`}`,
      );
      for (const section of region.sections) {
        const errors = Object.entries(section.errors).map(([kind, n]) => `${kind} ${n}`);
        const newest =
          section.frameId === null
            ? 'nothing yet'
            : `frame ${section.frameId}, ${Math.round(section.ageMs ?? 0)} ms old, ${section.objects} objects`;
        lines.push(
          `    ${section.section.padEnd(10)} sequence ${section.sequence}, ${section.hz.toFixed(1)} Hz, ${(section.bytesPerS / 1000).toFixed(1)} kB/s, ${newest}, ${section.reads} reads, errors: ${errors.join(', ') || 'none'}`,
        );
      }
      for (const row of hexRows(region.head)) lines.push(`    ${row}`);
    }
  }
  return lines.join('\n');
}

/** Sixteen bytes a row with their place, as hexdump -C shows them. */
function hexRows(hex: string): string[] {
  const bytes = Buffer.from(hex, 'hex');
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    const words = row.toString('hex').replace(/(..)/g, '$1 ').trimEnd();
    const text = row.toString('latin1').replace(/[^ -~]/g, '.');
    rows.push(`${at.toString(16).padStart(4, '0')}  ${words.padEnd(48)} ${text}`);
  }
  return rows;
}
