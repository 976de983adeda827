/** Inputs that are pressed or dragged, not written in: letters mean nothing to them. */
const NOT_WRITTEN_IN = ['radio', 'checkbox', 'range', 'button', 'submit'];

/** Whether a key pressed at `target` is part of what somebody writes or picks there. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target instanceof HTMLInputElement) return !NOT_WRITTEN_IN.includes(target.type);
  return target.matches('textarea, select');
}
