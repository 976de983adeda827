/** One sample line of the text format. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: Sample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)(?: (-?\d+))?$/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/;

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest !== '') {
    const found = LABEL.exec(rest);
    const [all, name, value] = found ?? [];
    if (all === undefined || name === undefined || value === undefined) throw new Error(`no label: ${rest}`);
    if (Object.hasOwn(labels, name)) throw new Error(`label ${name} twice: ${text}`);
    labels[name] = value.replace(/\\(.)/g, (_escape, char: string) => (char === 'n' ? '\n' : char));
    rest = rest.slice(all.length);
  }
  return labels;
}

function numberOf(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  if (text === 'NaN') return Number.NaN;
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text)) throw new Error(`no number: ${text}`);
  return Number(text);
}

/** Which family a sample belongs to: a histogram's own names end in _bucket, _sum and _count. */
function familyOf(families: ReadonlyMap<string, Family>, name: string): Family {
  const base = name.replace(/_(bucket|sum|count)$/, '');
  const family = families.get(base)?.type === 'histogram' ? families.get(base) : families.get(name);
  if (family === undefined) throw new Error(`${name} has no TYPE before it`);
  return family;
}

/**
 * Reads Prometheus' text format 0.0.4 strictly (prometheus.io/docs/instrumenting/exposition_formats): every line, the
 * order of HELP, TYPE and samples, each series once, buckets that rise to +Inf. Throws on the first fault.
 */
export function readExposition(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, Family>();
  const series = new Set<string>();
  let help: { name: string; text: string } | null = null;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    const [, what, name = '', rest = ''] = comment ?? [];
    if (what === 'HELP') {
      if (!NAME.test(name)) throw new Error(`no name: ${line}`);
      help = { name, text: rest };
    } else if (what === 'TYPE') {
      if (!/^(counter|gauge|histogram|summary|untyped)$/.test(rest)) throw new Error(`no type: ${line}`);
      if (families.has(name)) throw new Error(`${name} twice`);
      families.set(name, { type: rest, help: help?.name === name ? help.text : '', samples: [] });
    } else {
      const [, sampleName = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
      if (sampleName === '') throw new Error(`no sample: ${line}`);
      const id = `${sampleName}{${labels}}`;
      if (series.has(id)) throw new Error(`${id} twice`);
      series.add(id);
      familyOf(families, sampleName).samples.push({
        name: sampleName,
        labels: labelsOf(labels),
        value: numberOf(value),
      });
    }
  }
  for (const [name, family] of families) checkFamily(name, family);
  return families;
}

function checkFamily(name: string, { type, samples }: Family): void {
  if (type === 'counter' && samples.some(({ value }) => value < 0)) throw new Error(`${name} is below 0`);
  if (type !== 'histogram') return;
  const others = (sample: Sample): string =>
    JSON.stringify(
      Object.entries(sample.labels)
        .filter(([label]) => label !== 'le')
        .sort(),
    );
  for (const key of new Set(samples.map(others))) {
    const own = samples.filter((sample) => others(sample) === key);
    const buckets = own.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) => numberOf(labels.le ?? ''));
    const rising = (values: number[], strict: boolean): boolean =>
      values.every(
        (value, i) => i === 0 || (strict ? value > (values[i - 1] ?? 0) : value >= (values[i - 1] ?? 0)),
      );
    if (!rising(bounds, true) || bounds.at(-1) !== Number.POSITIVE_INFINITY)
      throw new Error(`${name}: bounds ${bounds}`);
    if (
      !rising(
        buckets.map(({ value }) => value),
        false,
      )
    )
      throw new Error(`${name}: buckets fall`);
    const count = own.find((sample) => sample.name === `${name}_count`)?.value;
    if (count === undefined || count !== buckets.at(-1)?.value)
      throw new Error(`${name}: count and +Inf differ`);
    if (!own.some((sample) => sample.name === `${name}_sum`)) throw new Error(`${name} has no sum`);
  }
}
