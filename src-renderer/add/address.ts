/** An address as it was pasted, taken apart: the login is never left in the address. */
export interface SplitAddress {
  readonly address: string;
  /** Null: the text held no login. */
  readonly login: { readonly user: string; readonly password: string } | null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A password with a bare % in it is meant as it stands.
    return text;
  }
}

/** Where the login ends in what follows `scheme://`, or -1. Passwords with @ or / in them are pasted as they are. */
function loginEnd(rest: string): number {
  const slash = rest.search(/[/?#]/);
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const at = authority.lastIndexOf('@');
  if (at >= 0) return at;
  // `admin:pa/ss@host`: what follows the colon is no port, so the @ further on belongs to the login.
  const port = /^[^:[\]]+:(.*)$/.exec(authority)?.[1];
  return port !== undefined && port !== '' && !/^\d+$/.test(port) ? rest.lastIndexOf('@') : -1;
}

/** Splits `scheme://user:password@host/path`; text without a login comes back as it is, trimmed. */
export function splitAddress(text: string): SplitAddress {
  const trimmed = text.trim();
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)(.*)$/is.exec(trimmed) ?? [];
  const end = scheme === '' ? -1 : loginEnd(rest);
  if (end < 0) return { address: trimmed, login: null };
  const login = rest.slice(0, end);
  const colon = login.indexOf(':');
  const user = decoded(colon < 0 ? login : login.slice(0, colon));
  const password = colon < 0 ? '' : decoded(login.slice(colon + 1));
  return {
    address: `${scheme}${rest.slice(end + 1)}`,
    login: user === '' && password === '' ? null : { user, password },
  };
}

/** The address with a scheme in front: people type `192.168.1.20/stream1`. */
export function withScheme(address: string, scheme: 'rtsp' | 'http'): string {
  const trimmed = address.trim();
  return trimmed === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `${scheme}://${trimmed}`;
}

/** The kind an address is of by its scheme, or null. */
export function kindOfAddress(address: string): 'rtsp' | 'http' | null {
  if (/^rtsps?:\/\//i.test(address.trim())) return 'rtsp';
  return /^https?:\/\//i.test(address.trim()) ? 'http' : null;
}
