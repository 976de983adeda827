import type { ActionReply } from '#shared/contracts/ui-main.contract.ts';
import { toWireError } from '#shared/contracts/wire-error.ts';
import { toFault } from '#shared/domain/fault-text.ts';

// Who carries an action out does not know its number: the command desk writes it into the answer.
const requestId = '';
export const done = (message: string): ActionReply => ({ requestId, status: 'done', message, fault: null });
export const cancelled: ActionReply = { requestId, status: 'cancelled', message: '', fault: null };

/** Carries out an action; what goes wrong becomes a refusal in plain words. */
export async function answer(act: () => Promise<ActionReply> | ActionReply): Promise<ActionReply> {
  try {
    return await act();
  } catch (thrown) {
    const { kind, message } = toWireError(thrown);
    const fault = toFault(kind, message);
    return { requestId, status: 'refused', message: fault.title, fault };
  }
}
