import { createHash, timingSafeEqual } from 'node:crypto';
import { chmodSync, existsSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { z } from 'zod';
import { toWireError } from '#shared/contracts/wire-error.ts';
import type { SecretMask } from '../logging/secret-mask.ts';

/** What a command did, for its acknowledgement. */
export interface CommandResult {
  readonly message: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface CommandServerOptions {
  readonly address: string;
  readonly token: string;
  /** A command that is not done by then is answered with an error. Milliseconds. */
  readonly limitMs: number;
  /** Does a command; what it throws is the error of the acknowledgement. */
  readonly run: (type: string, data: Readonly<Record<string, unknown>>) => Promise<CommandResult>;
  readonly warn: (message: string) => void;
  /** Takes secrets out of answers. */
  readonly secrets: Pick<SecretMask, 'mask' | 'maskDeep'>;
  readonly wallMs: () => number;
}

interface Ack {
  readonly request_id: string;
  readonly status: 'success' | 'error';
  readonly timestamp: number;
  readonly message: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

const dataSchema = z.record(z.string(), z.unknown());
const commandSchema = z.object({
  token: z.string(),
  type: z.string().min(1).max(64),
  timestamp: z.number(),
  request_id: z.string().min(1).max(128),
  data: dataSchema.default({}),
});
const idSchema = z.object({ request_id: z.string().min(1).max(128) });

const MAX_LINE = 65_536;
const MAX_CLIENTS = 16;
/** Answers kept, so that a command sent again after a broken pipe is not done twice. */
const KEPT_ANSWERS = 256;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Takes commands on a local socket: one JSON object per line, one acknowledgement per line. */
export class CommandServer {
  readonly #options: CommandServerOptions;
  readonly #token: Buffer;
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  readonly #answers = new Map<string, Promise<Ack>>();
  /** `broken`: clients that went away in the middle. */
  readonly counts = { received: 0, refused: 0, late: 0, broken: 0 };

  constructor(options: CommandServerOptions) {
    this.#options = options;
    this.#token = digest(options.token);
    this.#server = createServer((client) => this.#accept(client));
    this.#server.maxConnections = MAX_CLIENTS;
  }

  /** Resolves when commands are taken; rejects when the address cannot be used. */
  start(): Promise<void> {
    const { address } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      // The socket must never be open to others, not even until its mode is set.
      const before = process.platform === 'win32' ? null : process.umask(0o177);
      try {
        this.#server.listen(address, () => {
          if (process.platform !== 'win32') chmodSync(address, 0o600);
          this.#server.off('error', reject);
          this.#server.on('error', (error) => this.#options.warn(`commands: ${error.message}`));
          resolve();
        });
      } finally {
        if (before !== null) process.umask(before);
      }
    });
  }

  /** Whether a client that looks for it now would find it: a cleaner of temporary files may have taken the socket. */
  get reachable(): boolean {
    return this.#server.listening && (process.platform === 'win32' || existsSync(this.#options.address));
  }

  stop(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    return new Promise((resolve) => {
      if (this.#server.listening) this.#server.close(() => resolve());
      else resolve();
    });
  }

  #accept(client: Socket): void {
    this.#clients.add(client);
    let text = '';
    client.setEncoding('utf8');
    client.on('close', () => {
      this.#clients.delete(client);
      if (text !== '') this.counts.broken += 1;
    });
    // It may connect again and send the same command again: it is done once.
    client.on('error', () => {
      text = 'broken off';
    });
    client.on('data', (more: string) => {
      const lines = (text + more).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') void this.#answer(client, line);
      if (text.length > MAX_LINE) {
        this.#reply(client, this.#ack('', 'error', `a command has at most ${MAX_LINE} characters`));
        client.end();
      }
    });
  }

  async #answer(client: Socket, line: string): Promise<void> {
    this.counts.received += 1;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return this.#refuse(client, '', 'not a JSON object');
    }
    const parsed = commandSchema.safeParse(value);
    if (!parsed.success) {
      const id = idSchema.safeParse(value);
      const where = parsed.error.issues
        .map(({ path, message }) => `${path.join('.')}: ${message}`)
        .join('; ');
      return this.#refuse(client, id.success ? id.data.request_id : '', `not a command: ${where}`);
    }
    const { token, type, request_id, data } = parsed.data;
    if (!timingSafeEqual(digest(token), this.#token)) {
      this.#refuse(client, request_id, 'wrong token');
      client.end();
      return;
    }
    const known = this.#answers.get(request_id);
    const answer = known ?? this.#do(request_id, type, data);
    if (known === undefined) this.#keep(request_id, answer);
    this.#reply(client, await answer);
  }

  /** Never rejects; an answer in time, whatever the work does. */
  #do(request_id: string, type: string, data: Readonly<Record<string, unknown>>): Promise<Ack> {
    const { limitMs, run, warn } = this.#options;
    let late = false;
    const work = run(type, data).then(
      ({ message, data: more }): Ack => this.#ack(request_id, 'success', message, more),
      (thrown: unknown): Ack => {
        const { kind, message } = toWireError(thrown);
        return this.#ack(request_id, 'error', `${kind}: ${message}`);
      },
    );
    void work.then(({ status, message }) => {
      if (!late) return;
      this.counts.late += 1;
      warn(`late answer to ${type} ${request_id} is ignored: ${status} ${message}`);
    });
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        late = true;
        resolve(this.#ack(request_id, 'error', `timeout: not done within ${limitMs} ms`));
      }, limitMs);
      void work.then((ack) => {
        clearTimeout(timer);
        resolve(ack);
      });
    });
  }

  #keep(request_id: string, answer: Promise<Ack>): void {
    this.#answers.set(request_id, answer);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > KEPT_ANSWERS && oldest !== undefined) this.#answers.delete(oldest);
  }

  #refuse(client: Socket, request_id: string, message: string): void {
    this.counts.refused += 1;
    this.#options.warn(`a command was refused: ${message}`);
    this.#reply(client, this.#ack(request_id, 'error', message));
  }

  #ack(
    request_id: string,
    status: Ack['status'],
    message: string,
    data?: Readonly<Record<string, unknown>>,
  ): Ack {
    const { wallMs, secrets } = this.#options;
    const timestamp = wallMs();
    return {
      request_id,
      status,
      timestamp,
      message: secrets.mask(message),
      ...(data === undefined ? {} : { data: dataSchema.parse(secrets.maskDeep(data)) }),
    };
  }

  #reply(client: Socket, ack: Ack): void {
    if (!client.destroyed) client.write(`${JSON.stringify(ack)}\n`);
  }
}
