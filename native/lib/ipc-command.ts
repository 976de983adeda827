import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { isObject, type JsonObject, PUBLISHER_FILES, readJson } from './publisher-folder.ts';

/** The answer to a command; exactly one, also when nobody answered. */
export interface Ack {
  request_id: string;
  status: 'success' | 'error';
  timestamp: number;
  message: string;
  data: JsonObject | null;
}

interface Waiting {
  readonly line: string;
  readonly timer: NodeJS.Timeout;
  readonly resolve: (ack: Ack) => void;
  retried: boolean;
}

const MAX_LINE = 1_000_000;

function failed(request_id: string, message: string): Ack {
  return { request_id, status: 'error', timestamp: Date.now(), message, data: null };
}

function ackOf(value: unknown): Ack | null {
  if (!isObject(value)) return null;
  const { request_id, status, timestamp, message, data } = value;
  if (typeof request_id !== 'string' || typeof message !== 'string' || typeof timestamp !== 'number')
    return null;
  if (status !== 'success' && status !== 'error') return null;
  return { request_id, status, timestamp, message, data: isObject(data) ? data : null };
}

/** Sends commands to one publishing ivis: one JSON object per line, each way. */
export class CommandLink {
  readonly #folder: string;
  readonly #warn: (text: string) => void;
  readonly #waiting = new Map<string, Waiting>();
  #socket: Socket | null = null;
  #text = '';

  constructor(folder: string, warn: (text: string) => void) {
    this.#folder = folder;
    this.#warn = warn;
  }

  /** Never rejects: what goes wrong, silence included, is an ack with status 'error'. */
  send(type: string, data: JsonObject, timeoutMs: number): Promise<Ack> {
    const request_id = randomUUID();
    const access = readJson(this.#folder, PUBLISHER_FILES.access);
    if (typeof access?.address !== 'string' || typeof access.token !== 'string') {
      return Promise.resolve(failed(request_id, 'nobody takes commands: ivis does not publish'));
    }
    const { address, token } = access;
    const line = `${JSON.stringify({ token, type, timestamp: Date.now(), request_id, data })}\n`;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(request_id);
        resolve(failed(request_id, `no answer within ${timeoutMs / 1000} s`));
      }, timeoutMs);
      this.#waiting.set(request_id, { line, timer, resolve, retried: false });
      this.#connected(address).write(line);
    });
  }

  close(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.destroy();
    this.#failAll('the link was closed');
  }

  #connected(address: string): Socket {
    if (this.#socket !== null) return this.#socket;
    const socket = connect(address);
    this.#socket = socket;
    this.#text = '';
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#take(text));
    let cause = 'the other side closed';
    socket.on('error', (error) => {
      cause = error.message;
    });
    socket.on('close', () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#retry(address, cause);
    });
    // A reader must be able to end while a link is open.
    socket.unref();
    return socket;
  }

  /** The pipe broke: a new one, and what was not answered is sent once more under its old request id. */
  #retry(address: string, cause: string): void {
    for (const [request_id, waiting] of [...this.#waiting]) {
      if (waiting.retried) {
        this.#settle(request_id, failed(request_id, `the link broke twice: ${cause}`));
      } else {
        waiting.retried = true;
        this.#warn(`the link broke (${cause}): connecting anew`);
        const access = readJson(this.#folder, PUBLISHER_FILES.access);
        this.#connected(typeof access?.address === 'string' ? access.address : address).write(waiting.line);
      }
    }
  }

  #take(text: string): void {
    this.#text += text;
    if (this.#text.length > MAX_LINE) {
      this.#socket?.destroy(new Error('an answer without end'));
      return;
    }
    const lines = this.#text.split('\n');
    this.#text = lines.pop() ?? '';
    for (const line of lines) {
      let ack: Ack | null = null;
      try {
        ack = ackOf(JSON.parse(line));
      } catch {
        // Said below.
      }
      if (ack === null) this.#warn(`an answer that cannot be read: ${line.slice(0, 200)}`);
      else this.#settle(ack.request_id, ack);
    }
  }

  #settle(request_id: string, ack: Ack): void {
    const waiting = this.#waiting.get(request_id);
    if (waiting === undefined) {
      this.#warn(`a late answer to ${request_id} is ignored: ${ack.status} ${ack.message}`);
      return;
    }
    this.#waiting.delete(request_id);
    clearTimeout(waiting.timer);
    waiting.resolve(ack);
  }

  #failAll(message: string): void {
    for (const request_id of [...this.#waiting.keys()]) this.#settle(request_id, failed(request_id, message));
  }
}
