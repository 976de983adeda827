/** What the graph needs of a link; src-shared/contracts/links.ts has more. */
export interface GraphLink {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly purpose: string;
  readonly commands: Readonly<Record<string, unknown>>;
  readonly queries: Readonly<Record<string, unknown>>;
  readonly notices: Readonly<Record<string, unknown>>;
  readonly events: Readonly<Record<string, unknown>>;
}

const beginMark = '<!-- process graph: begin (written by `npm run arch`) -->';
const endMark = '<!-- process graph: end -->';

function names(messages: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(messages).map((name) => `\`${name}\``);
}

/** The links as a mermaid graph and a table: the way out is what `from` may say, the way back what it is told. */
function drawProcessGraph(links: readonly GraphLink[]): string {
  const arrows = links.map((link) => `  ${link.from} -- ${link.name} --> ${link.to}`);
  const rows = links.map((link) => {
    const out = [...names(link.commands), ...names(link.queries), ...names(link.notices)].join(' ');
    return `| ${link.name} | ${link.purpose} | ${out || '-'} | ${names(link.events).join(' ') || '-'} |`;
  });
  return [
    '```mermaid',
    'flowchart LR',
    ...arrows,
    '```',
    '',
    '`worker` stands for each of capture, detection and store.',
    '',
    '| link | for what | from says | to tells |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** The page with the graph between its marks; put at the end when the page has no marks yet. */
export function withProcessGraph(page: string, links: readonly GraphLink[]): string {
  const block = `${beginMark}\n${drawProcessGraph(links)}\n${endMark}`;
  const begin = page.indexOf(beginMark);
  const end = page.indexOf(endMark);
  if (begin === -1 || end < begin) return `${page.trimEnd()}\n\n${block}\n`;
  return page.slice(0, begin) + block + page.slice(end + endMark.length);
}
