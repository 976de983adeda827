import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { protocol } from 'electron';

export const APP_ORIGIN = 'app://ivis';

/** No inline script, nothing from outside, no frames: the page is ours or it is nothing. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "frame-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "object-src 'none'",
].join('; ');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Before the app is ready: app:// is a standard, secure origin of its own. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/**
 * The file of `folder` that a path of app://ivis names, or null: only known types, only inside the folder, links
 * followed before that is decided.
 */
async function resolveAppPath(folder: string, pathname: string): Promise<string | null> {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return null;
  const wanted = join(folder, decoded === '/' ? 'index.html' : decoded);
  if (types[extname(wanted)] === undefined) return null;
  try {
    const [real, root] = await Promise.all([realpath(wanted), realpath(folder)]);
    return real.startsWith(root + sep) ? real : null;
  } catch {
    return null;
  }
}

/** Serves the window's own files, and nothing else, under app://ivis. */
export function serveApp(folder: string): void {
  protocol.handle('app', async (request) => {
    const url = new URL(request.url);
    const path =
      request.method === 'GET' && url.host === 'ivis' ? await resolveAppPath(folder, url.pathname) : null;
    if (path === null) return new Response('not found', { status: 404 });
    return new Response(new Uint8Array(await readFile(path)), {
      headers: {
        'content-type': types[extname(path)] ?? 'application/octet-stream',
        'content-security-policy': contentSecurityPolicy,
        'x-content-type-options': 'nosniff',
      },
    });
  });
}
