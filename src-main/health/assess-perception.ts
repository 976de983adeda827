import type { Severity } from '#shared/domain/health.ts';
import type { BadRead, RegionView } from '../perception/reports.ts';
import type { Finding, HealthFacts } from './facts.ts';

/** A damaged frame is gone with the next one; so long it stays in sight. */
const BAD_KEPT_MS = 10_000;

const READ_WORDS: Readonly<Record<BadRead, { readonly severity: Severity; readonly words: string }>> = {
  'bad-crc': { severity: 'warn', words: 'a frame had a wrong checksum' },
  'bad-count': { severity: 'warn', words: 'a frame held an impossible number of things' },
  'bad-version': { severity: 'critical', words: 'a frame is of another layout' },
  'bad-magic': { severity: 'critical', words: 'what lies there is no frame of ivis' },
};
const SOMEBODY_WROTE =
  'Readers keep the last good frame with its age; the next frame puts it right. If it happens again, another program writes into the shared memory of ivis: find it, or test the memory of the computer.';

const rate = (hz: number): string => `${hz.toFixed(hz < 10 ? 1 : 0)} frames/s`;

/** Of one region, after OMNISIGHT's table of errors (C7.1). */
function regionFinding({
  state,
  silenceMs,
  hz,
  bad,
  errors,
}: RegionView): Pick<Finding, 'severity' | 'cause' | 'whatToDo'> {
  if (state === 'missing') {
    return {
      severity: 'warn',
      cause: 'no data: the shared memory cannot be opened',
      whatToDo: 'Stop and start the source: it gets a new one. Check that /dev/shm is not full.',
    };
  }
  if (state === 'stale') {
    const silent = silenceMs === null ? '' : ` for ${Math.round(silenceMs / 1000)} s`;
    return {
      severity: 'warn',
      cause: `stale: nothing was published${silent}`,
      whatToDo:
        'Readers are told the age of what they have. Detection is ended and started again when it stays silent.',
    };
  }
  if (bad !== null && bad.agoMs <= BAD_KEPT_MS) {
    const { severity, words } = READ_WORDS[bad.result];
    const times = errors[bad.result] ?? 1;
    const cause = `${words}${times === 1 ? '' : `, ${times} times in all`} (${bad.result})`;
    return { severity, cause, whatToDo: SOMEBODY_WROTE };
  }
  return { severity: 'ok', cause: state === 'closed' ? 'closed' : rate(hz.detections), whatToDo: '' };
}

function publisherFinding({
  perception,
  sources,
}: HealthFacts): Pick<Finding, 'severity' | 'cause' | 'whatToDo'> {
  if (perception === null) return { severity: 'ok', cause: 'off', whatToDo: '' };
  const { publishing, filesProblem, commandsProblem, brokenClients, swept, regions } = perception;
  if (filesProblem !== null || commandsProblem !== null) {
    const what = filesProblem === null ? 'commands are not taken' : 'its files cannot be written';
    return {
      severity: 'warn',
      cause: `${what}: ${filesProblem ?? commandsProblem}`,
      whatToDo:
        'It is tried again each second. Check the folder for temporary files and the space on its disk.',
    };
  }
  if (!publishing) {
    const wanted = sources.some(({ expecting }) => expecting);
    return {
      severity: wanted ? 'warn' : 'info',
      cause: 'no data: detection does not publish yet',
      whatToDo: wanted ? 'It does so by itself as soon as the detection process runs.' : '',
    };
  }
  const parts = [
    regions.length === 0
      ? 'ready, no source runs'
      : `${regions.length} ${regions.length === 1 ? 'source' : 'sources'}`,
    brokenClients === 0 ? '' : `${brokenClients} ${brokenClients === 1 ? 'reader' : 'readers'} broke off`,
    swept === 0 ? '' : `${swept} left behind ${swept === 1 ? 'was' : 'were'} taken away`,
  ];
  return { severity: 'ok', cause: parts.filter((part) => part !== '').join(', '), whatToDo: '' };
}

/** What is published for other programs, as a whole and source by source; nothing when it is not wanted. */
export function assessPerception(facts: HealthFacts): Finding[] {
  const { perception, sources } = facts;
  if (perception === null) return [];
  const head = { kind: 'perception' as const, vital: false };
  const whole = { ...head, id: 'perception', title: 'Shared memory for programs', sourceId: null };
  return [
    { ...whole, ...publisherFinding(facts) },
    ...perception.regions.map((region) => {
      const { sourceId } = region;
      const title = sources.find((source) => source.sourceId === sourceId)?.title ?? sourceId;
      const id = `perception:${sourceId}`;
      return { ...head, id, title: `Shared results of ${title}`, sourceId, ...regionFinding(region) };
    }),
  ];
}
