import type { uiMain } from '#shared/contracts/ui-main.contract.ts';
import type { LinkHandlers } from '#shared/link/link-end.ts';
import type { RecountDesk } from '../recount/recount-desk.ts';
import type { Engine } from '../runs/engine.ts';
import type { SourceDesk } from '../runs/source-desk.ts';
import { answer, done } from '../windows/action-reply.ts';
import { operatorName } from './operator.ts';

type Handlers = Required<LinkHandlers<typeof uiMain, 'to'>>['requests'];

export interface EvidenceActionsOptions {
  readonly engine: Engine;
  readonly desk: SourceDesk;
  readonly recounts: RecountDesk;
}

/** What the opened counts and the recount ask for. */
export function evidenceActions({
  engine,
  desk,
  recounts,
}: EvidenceActionsOptions): Pick<
  Handlers,
  | 'crossings.list'
  | 'counts.get'
  | 'visits.list'
  | 'loiterings.list'
  | 'speeds.get'
  | 'evidence.get'
  | 'pictures.list'
  | 'correction.add'
  | 'recount.begin'
  | 'tally.add'
  | 'tally.undo'
  | 'recount.end'
  | 'recount.get'
> {
  return {
    'crossings.list': (body) => engine.askStore('crossings.list', body),
    'counts.get': (body) => engine.askStore('counts.get', body),
    'visits.list': (body) => engine.askStore('visits.list', body),
    'loiterings.list': (body) => engine.askStore('loiterings.list', body),
    'speeds.get': (body) => engine.askStore('speeds.get', body),
    'evidence.get': (body) => engine.askStore('evidence.get', body),
    'pictures.list': (body) => engine.askStore('pictures.list', body),
    'recount.get': (body) => engine.askStore('recount.get', body),
    'correction.add': ({ runId, order }) =>
      answer(async () => {
        await engine.askStore('correction.add', { runId, by: operatorName(), order });
        await desk.corrected(runId);
        return done('');
      }),
    'recount.begin': ({ sourceId, fromPtsMs }) => recounts.begin(sourceId, fromPtsMs),
    'tally.add': (body) =>
      answer(async () => {
        await engine.askStore('tally.add', body);
        return done('');
      }),
    'tally.undo': (body) =>
      answer(async () => {
        await engine.askStore('tally.undo', body);
        return done('');
      }),
    'recount.end': ({ sourceId, recountId, toPtsMs }) =>
      answer(async () => {
        await recounts.end(sourceId, recountId, toPtsMs);
        return done('');
      }),
  };
}
