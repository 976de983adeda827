import type { Loss } from './loss.ts';

const loss = (kind: Loss['kind'], error: Loss['error']['kind'], message: string): Loss => ({
  kind,
  error: { kind: error, message },
});

/**
 * What a status of RTSP or HTTP says about a camera; null for those that refuse nothing. `loggedIn`: user and
 * password were sent with the request.
 */
export function statusLoss(status: number, reason: string, loggedIn: boolean): Loss | null {
  if (status < 300) return null;
  const words = `${status} ${reason}`.trim().slice(0, 200);
  if (status < 400) {
    return loss('refused', 'camera-refused', `the camera sends its viewers elsewhere (${words})`);
  }
  switch (status) {
    case 401:
    case 407:
      return loss(
        'auth-failed',
        'camera-auth',
        loggedIn
          ? `the camera rejects user or password (${words})`
          : `the camera wants user and password (${words})`,
      );
    case 403:
      return loss('auth-failed', 'camera-auth', `this user may not see the pictures (${words})`);
    case 404:
    case 410:
    case 454:
      return loss('not-found', 'camera-not-found', `the camera has no such stream (${words})`);
    case 453:
      return loss(
        'refused',
        'camera-refused',
        `the camera has no bandwidth left, too many are watching (${words})`,
      );
    case 461:
      return loss(
        'refused',
        'camera-refused',
        `the camera does not send this way; try TCP or UDP (${words})`,
      );
    default:
      return loss('refused', 'camera-refused', `the camera answers ${words}`);
  }
}
