import { userInfo } from 'node:os';

/** Name of the user of this computer, as corrections are signed with. */
export function operatorName(): string {
  try {
    const { username } = userInfo();
    return username === '' ? 'unknown' : username;
  } catch {
    // A user without an entry in the list of users, in a container for one.
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
