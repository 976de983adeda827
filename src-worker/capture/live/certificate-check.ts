import tls from 'node:tls';
import { fingerprintWords } from '#shared/domain/certificate.ts';
import type { Loss } from './loss.ts';

/** Node's names of what OpenSSL and RFC 9525 have against a certificate, in words. */
const WHY: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'it is signed by somebody this computer does not know',
  UNABLE_TO_GET_ISSUER_CERT: 'it is signed by somebody this computer does not know',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'it is signed by somebody this computer does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'it is signed by somebody this computer does not know',
  CERT_HAS_EXPIRED: 'its time is over',
  CERT_NOT_YET_VALID: 'its time has not begun',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another name',
  CERT_REVOKED: 'it was withdrawn',
};

let known: tls.SecureContext | null = null;

/** Who may sign: those that come with Node, and those that this computer trusts. Read once, at the first TLS. */
export function trustedSigners(): tls.SecureContext {
  known ??= tls.createSecureContext({
    ca: [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])],
  });
  return known;
}

/**
 * What is wrong with the certificate of a connection that stands; null when it is trusted: signed by somebody this
 * computer trusts for this very name and in its time, or the one that a person accepted (`accepted`, its SHA-256).
 * To be asked before anything is sent.
 */
export function certificateLoss(socket: tls.TLSSocket, place: string, accepted: string | null): Loss | null {
  if (socket.authorized) return null;
  const { fingerprint256 } = socket.getPeerCertificate();
  if (accepted !== null && fingerprint256 === accepted) return null;
  const code = String(socket.authorizationError);
  const why = WHY[code] ?? code;
  const changed = accepted === null ? '' : ' It is not the one that was accepted.';
  const message = `${place} shows a certificate that is not trusted: ${why}.${changed} ${fingerprintWords(fingerprint256)}`;
  return { kind: 'not-trusted', error: { kind: 'camera-certificate', message } };
}
