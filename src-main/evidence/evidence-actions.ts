import type { uiMain } from '#shared/contracts/ui-main.contract.ts';
import type { LinkHandlers } from '#shared/link/link-end.ts';
import type { RecountDesk } from '../recount/recount-desk.ts';
import type { Engine } from '../runs/engine.ts';
import { answer, done } from '../windows/action-reply.ts';
import { operatorName } from './operator.ts';

type Handlers = Required<LinkHandlers<typeof uiMain, 'to'>>['requests'];

export interface EvidenceActionsOptions {
  readonly engine: Engine;
  readonly recounts: RecountDesk;
}

/** What the opened counts and the recount ask for. */
export function evidenceActions({
  engine,
  recounts,
}: EvidenceActionsOptions): Pick<
  Handlers,
  | 'crossings.list'
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
    'evidence.get': (body) => engine.askStore('evidence.get', body),
    'pictures.list': (body) => engine.askStore('pictures.list', body),
    'recount.get': (body) => engine.askStore('recount.get', body),
    'correction.add': ({ runId, order }) =>
      answer(async () => {
        await engine.askStore('correction.add', { runId, by: operatorName(), order });
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
