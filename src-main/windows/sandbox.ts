/** Switches of Chromium that take the fence from around the page, or let others look into it. */
const OPENING = ['no-sandbox', 'disable-web-security', 'remote-debugging-port', 'remote-debugging-pipe'];

/**
 * Why ivis does not open its window like this; null when it may. Who develops ivis may have to run it without a
 * sandbox (as root, in a container); what people were given never does.
 */
export function sandboxRefusal(packaged: boolean, hasSwitch: (name: string) => boolean): string | null {
  const opening = packaged ? OPENING.filter(hasSwitch) : [];
  if (opening.length === 0) return null;
  return `ivis does not open its window with ${opening.map((name) => `--${name}`).join(', ')}: its page would not be fenced off from this computer`;
}
