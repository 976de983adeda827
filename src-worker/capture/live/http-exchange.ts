import http from 'node:http';
import https from 'node:https';
import type net from 'node:net';
import type { Login } from '#shared/domain/source-input.ts';
import { connectCamera, connectionLoss, LossError } from './camera-socket.ts';
import { LoginAnswer, parseChallenges } from './login-answer.ts';
import { statusLoss } from './status-loss.ts';

const MAX_REDIRECTS = 5;
const DEFAULT_HTTPS_PORT = 443;

const refused = (message: string): LossError =>
  new LossError({ kind: 'refused', error: { kind: 'camera-refused', message } });

export interface HttpExchangeOrder {
  readonly url: string;
  readonly login: Login | null;
  readonly certificate: string | null;
  readonly answerLimitMs: number;
}

/** Fetches over HTTP with a login that is shown to one origin only. */
export class HttpExchange {
  readonly #origin: string;
  readonly #login: LoginAnswer | null;
  readonly #certificate: string | null;
  readonly #limitMs: number;

  constructor({ url, login, certificate, answerLimitMs }: HttpExchangeOrder) {
    this.#origin = new URL(url).origin;
    this.#login = login === null ? null : new LoginAnswer(login);
    this.#certificate = certificate;
    this.#limitMs = answerLimitMs;
  }

  /** The answer with its body still to come; follows redirects and logs in. Throws LossError on a refusal. */
  async get(address: string, range: string | null, abort: AbortSignal): Promise<http.IncomingMessage> {
    let url = new URL(address);
    let triedLogin = false;
    for (let redirects = 0; ; ) {
      const answer = await this.#once(url, range, abort);
      const status = answer.statusCode ?? 0;
      const location = answer.headers.location;
      if (status >= 300 && status < 400 && location !== undefined) {
        answer.destroy();
        redirects += 1;
        if (redirects > MAX_REDIRECTS) throw refused('the address leads in a circle');
        url = new URL(location, url);
        if (!/^https?:$/.test(url.protocol)) throw refused('the address leads to something that is not HTTP');
        continue;
      }
      const challenge = answer.headers['www-authenticate'];
      if (status === 401 && !triedLogin && url.origin === this.#origin && challenge !== undefined) {
        triedLogin = true;
        if (this.#login?.hear(parseChallenges([challenge])) === true) {
          answer.destroy();
          continue;
        }
      }
      const loss = statusLoss(status, answer.statusMessage ?? '', this.#login !== null);
      if (loss === null) return answer;
      answer.destroy();
      throw new LossError(loss);
    }
  }

  /** Its certificate is judged before anything of the request is sent. */
  #connect(url: URL, abort: AbortSignal): Promise<net.Socket> {
    const address = {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? DEFAULT_HTTPS_PORT : Number(url.port),
      secure: true,
      certificate: this.#certificate,
    };
    return connectCamera(address, this.#limitMs, abort);
  }

  async #once(url: URL, range: string | null, abort: AbortSignal): Promise<http.IncomingMessage> {
    const secured = url.protocol === 'https:' ? await this.#connect(url, abort) : null;
    const path = `${url.pathname}${url.search}`;
    const authorization = url.origin === this.#origin ? (this.#login?.header('GET', path) ?? null) : null;
    const headers: http.OutgoingHttpHeaders = {
      'User-Agent': 'ivis',
      Accept: '*/*',
      ...(range === null ? {} : { Range: range }),
      ...(authorization === null ? {} : { Authorization: authorization }),
    };
    return new Promise((resolve, reject) => {
      const request =
        secured === null
          ? http.request(url, { headers, agent: false, signal: abort })
          : https.request(url, { headers, createConnection: () => secured, signal: abort });
      const late = setTimeout(
        () => request.destroy(Object.assign(new Error('late'), { code: 'ETIMEDOUT' })),
        this.#limitMs,
      );
      request.once('response', (answer) => {
        clearTimeout(late);
        answer.on('error', () => {});
        resolve(answer);
      });
      request.on('error', (thrown) => {
        clearTimeout(late);
        reject(new LossError(connectionLoss(thrown, url.host)));
      });
      request.end();
    });
  }
}
