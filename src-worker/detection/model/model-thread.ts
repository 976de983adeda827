import { Worker } from 'node:worker_threads';
import { fromWireError, NamedError } from '#shared/contracts/wire-error.ts';
import type { ModelSpec } from '#shared/domain/model.ts';
import { decoderOf } from './decoders.ts';
import type { LookSession } from './look-session.ts';
import type { ModelRun, ModelSession, Provider } from './session.ts';
import { type ThreadAnswer, type ThreadRequest, threadAnswerSchema } from './thread-messages.ts';

interface Waiting {
  resolve(answer: ThreadAnswer): void;
  reject(error: Error): void;
}
/** A request without the number it gets. */
type Unnumbered<R> = R extends unknown ? Omit<R, 'id'> : never;

const unexpected = ({ answer }: ThreadAnswer): NamedError =>
  new NamedError('internal', `the model's thread said ${answer}`);

/** Runs models in a thread of their own, so that the caller's thread goes on while one runs. */
export class ModelThread {
  readonly #file: URL;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #ids = 0;

  /** `file`: what the thread runs, inference-thread.ts or what it was built into. */
  constructor(file: URL) {
    this.#file = file;
  }

  /** As `openSession`, and with the same errors; `closed` when the thread ended. */
  async open(bytes: Uint8Array, spec: ModelSpec, provider: Provider): Promise<ModelSession> {
    const { id: session } = await this.#ask({ ask: 'open', bytes, spec, provider });
    return {
      provider,
      spec,
      decoder: decoderOf(spec),
      run: (input, tensorW, tensorH) => this.#ran({ ask: 'run', session, input, tensorW, tensorH }),
      release: async () => {
        await this.#ask({ ask: 'release', session });
      },
    };
  }

  /** As `openLookSession`, and with the same errors; `closed` when the thread ended. */
  async openLook(bytes: Uint8Array, name: string, provider: Provider): Promise<LookSession> {
    const opened = await this.#ask({ ask: 'open-look', bytes, name, provider });
    if (opened.answer !== 'look-opened') throw unexpected(opened);
    const { id: session, shape } = opened;
    return {
      shape,
      run: (input, count) => this.#ran({ ask: 'embed', session, input, count }),
      release: async () => {
        await this.#ask({ ask: 'release', session });
      },
    };
  }

  /** Ends the thread once the run in hand is over. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
    this.#ended(new NamedError('closed', 'the thread of the model was closed'));
  }

  async #ran(request: Unnumbered<ThreadRequest> & { input: Float32Array }): Promise<ModelRun> {
    const { buffer } = request.input;
    // Handed over, not copied: a tensor is some megabytes.
    const answer = await this.#ask(request, buffer instanceof ArrayBuffer ? [buffer] : []);
    if (answer.answer !== 'ran') throw unexpected(answer);
    return answer;
  }

  #ask(request: Unnumbered<ThreadRequest>, moved: ArrayBuffer[] = []): Promise<ThreadAnswer> {
    const worker = this.#started();
    this.#ids += 1;
    const id = this.#ids;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ ...request, id }, moved);
    });
  }

  #started(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(this.#file, { execArgv: [], name: 'ivis-model' });
    worker.on('message', (data: unknown) => this.#answered(threadAnswerSchema.parse(data)));
    worker.on('error', (thrown) => this.#ended(new NamedError('model-failed', thrown.message)));
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = null;
      this.#ended(new NamedError('closed', 'the thread of the model ended'));
    });
    this.#worker = worker;
    return worker;
  }

  #answered(answer: ThreadAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.answer === 'failed') waiting?.reject(fromWireError(answer.error));
    else waiting?.resolve(answer);
  }

  #ended(error: NamedError): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
