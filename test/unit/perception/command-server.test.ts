import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { CommandLink } from '../../../native/lib/ipc-command.ts';
import { SecretMask } from '../../../src-main/logging/secret-mask.ts';
import { type CommandResult, CommandServer } from '../../../src-main/perception/command-server.ts';
import { loginsFor } from '../../fixtures/logins.ts';

const TOKEN = 'a-token-of-this-start';
const ends: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

type Run = (type: string, data: Readonly<Record<string, unknown>>) => Promise<CommandResult>;
const echo: Run = async (type, data) => ({ message: `did ${type}`, data });

async function serve(run: Run = echo, limitMs = 1000, folder = newFolder()) {
  const address = join(folder, 'commands.sock');
  const warnings: string[] = [];
  const secrets = new SecretMask();
  const logins = loginsFor(secrets);
  const server = new CommandServer({
    address,
    token: TOKEN,
    limitMs,
    run,
    warn: (message) => warnings.push(message),
    wallMs: () => 1234,
    secrets,
  });
  await server.start();
  writeFileSync(join(folder, 'access.json'), JSON.stringify({ address, token: TOKEN }));
  ends.push(() => server.stop());
  return { server, address, folder, warnings, logins };
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ivis-commands-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A connection that speaks lines, as a program in any language would. */
class Line {
  readonly socket: Socket;
  readonly #answers: AsyncIterator<string>;

  constructor(address: string) {
    this.socket = connect(address);
    this.socket.on('error', () => {});
    this.#answers = createInterface({ input: this.socket })[Symbol.asyncIterator]();
    ends.push(() => {
      this.socket.destroy();
    });
  }

  send(value: unknown): void {
    this.socket.write(`${typeof value === 'string' ? value : JSON.stringify(value)}\n`);
  }

  async answer(): Promise<Record<string, unknown> | null> {
    const { value, done } = await this.#answers.next();
    return done === true ? null : JSON.parse(value);
  }

  async ask(value: unknown) {
    this.send(value);
    return this.answer();
  }
}

const command = (change: object = {}) => ({
  token: TOKEN,
  type: 'HELLO',
  timestamp: 1,
  request_id: 'r1',
  data: {},
  ...change,
});

function link(folder: string) {
  const warnings: string[] = [];
  const made = new CommandLink(folder, (text) => warnings.push(text));
  ends.push(() => made.close());
  return { link: made, warnings };
}

describe('the command socket', () => {
  it('answers without any password of a camera, in its words and in its data, however it is spelled', async () => {
    const password = 'Gänse@:/%#"fuß\\1';
    const coded = encodeURIComponent(password);
    const lower = coded.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase());
    const data = { address: `rtsp://admin:${coded}@yard/1`, list: [password, { lower }], [password]: 7 };
    const { address, logins } = await serve(async (type) => {
      if (type === 'HELLO') return { message: `hello ${password}`, data };
      throw new NamedError('camera-auth', `${password} was refused`);
    });
    logins.learn({ user: 'admin', password });
    const line = new Line(address);
    expect(await line.ask(command())).toMatchObject({
      status: 'success',
      message: 'hello ***',
      data: { address: 'rtsp://***@yard/1', list: ['***', { lower: '***' }], '***': 7 },
    });
    expect(await line.ask(command({ type: 'OTHER', request_id: 'r2' }))).toMatchObject({
      status: 'error',
      message: 'camera-auth: *** was refused',
    });
  });

  it('answers each command once with its request id, a status and a message', async () => {
    const { address } = await serve();
    const line = new Line(address);
    expect(await line.ask(command({ data: { a: 1 } }))).toEqual({
      request_id: 'r1',
      status: 'success',
      timestamp: 1234,
      message: 'did HELLO',
      data: { a: 1 },
    });
    line.send(command({ request_id: 'r2' }));
    line.send(command({ request_id: 'r3' }));
    expect([(await line.answer())?.request_id, (await line.answer())?.request_id]).toEqual(['r2', 'r3']);
  });

  it.skipIf(process.platform === 'win32')('is open to its user only', async () => {
    const { address } = await serve();
    expect(statSync(address).mode & 0o777).toBe(0o600);
  });

  it('answers what it does not understand and goes on', async () => {
    const { address, server } = await serve(async (type) => {
      throw new NamedError('unknown-request', `there is no ${type}`);
    });
    const line = new Line(address);
    expect(await line.ask('{"half":')).toMatchObject({
      status: 'error',
      request_id: '',
      message: 'not a JSON object',
    });
    expect(await line.ask('[1, 2]')).toMatchObject({ status: 'error', request_id: '' });
    expect(await line.ask({ token: TOKEN, request_id: 'x', timestamp: 1 })).toMatchObject({
      status: 'error',
      request_id: 'x',
      message: expect.stringContaining('type'),
    });
    expect(await line.ask(command({ type: 'DANCE' }))).toMatchObject({
      status: 'error',
      message: 'unknown-request: there is no DANCE',
    });
    expect(server.counts).toEqual({ received: 4, refused: 3, late: 0, broken: 0 });
  });

  it('refuses a wrong token and hangs up', async () => {
    let done = 0;
    const { address } = await serve(async () => {
      done += 1;
      return { message: '' };
    });
    const line = new Line(address);
    expect(await line.ask(command({ token: 'guessed' }))).toMatchObject({
      status: 'error',
      message: 'wrong token',
    });
    expect(await line.answer()).toBeNull();
    expect(done).toBe(0);
  });

  it('refuses a command without end and hangs up', async () => {
    const { address } = await serve();
    const line = new Line(address);
    line.socket.write('x'.repeat(70_000));
    expect(await line.answer()).toMatchObject({ status: 'error', message: expect.stringContaining('65536') });
    expect(await line.answer()).toBeNull();
  });

  it('answers in time though the work does not end, and ignores what comes later', async () => {
    let finish = (): void => {};
    const slow: Run = () =>
      new Promise((resolve) => {
        finish = () => resolve({ message: 'at last' });
      });
    const { address, warnings, server } = await serve(slow, 30);
    const line = new Line(address);
    expect(await line.ask(command())).toMatchObject({
      status: 'error',
      message: 'timeout: not done within 30 ms',
    });
    finish();
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual(['late answer to HELLO r1 is ignored: success at last']);
    expect(server.counts.late).toBe(1);
  });

  it('does a command that is sent again only once', async () => {
    let done = 0;
    const { address } = await serve(async () => {
      done += 1;
      return { message: `time ${done}` };
    });
    expect(await new Line(address).ask(command())).toMatchObject({ message: 'time 1' });
    expect(await new Line(address).ask(command())).toMatchObject({ message: 'time 1' });
    expect(done).toBe(1);
  });
});

describe('the sender of commands', () => {
  it('says so when nobody takes commands', async () => {
    const { link: alone } = link(newFolder());
    expect(await alone.send('HELLO', {}, 1000)).toMatchObject({
      status: 'error',
      message: 'nobody takes commands: ivis does not publish',
    });
  });

  it('gets the acknowledgement of its own request', async () => {
    const { folder } = await serve();
    const { link: sender } = link(folder);
    const acks = await Promise.all([1, 2, 3].map((n) => sender.send('HELLO', { n }, 1000)));
    expect(acks.map(({ status, data }) => [status, data])).toEqual([
      ['success', { n: 1 }],
      ['success', { n: 2 }],
      ['success', { n: 3 }],
    ]);
    expect(new Set(acks.map(({ request_id }) => request_id)).size).toBe(3);
  });

  it('gives up after its time and ignores a late answer with a warning', async () => {
    let finish = (): void => {};
    const { folder } = await serve(
      () =>
        new Promise((resolve) => {
          finish = () => resolve({ message: 'late' });
        }),
    );
    const { link: sender, warnings } = link(folder);
    const ack = await sender.send('HELLO', {}, 40);
    expect(ack).toMatchObject({ status: 'error', message: 'no answer within 0.04 s' });
    finish();
    while (warnings.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(warnings[0]).toContain(`a late answer to ${ack.request_id} is ignored: success late`);
  });

  it('connects anew after a broken pipe and sends again what was not answered', async () => {
    const folder = newFolder();
    let first = true;
    const { server } = await serve(
      async () => {
        if (first) {
          first = false;
          // The server goes away with the command in hand, as a process that is restarted does.
          await server.stop();
          await serve(echo, 1000, folder);
          await new Promise(() => {});
        }
        return { message: 'done' };
      },
      1000,
      folder,
    );
    const { link: sender, warnings } = link(folder);
    const pending = sender.send('HELLO', {}, 5000);
    const ack = await pending;
    expect(ack.status, ack.message).toBe('success');
    expect(warnings[0]).toContain('connecting anew');
  });

  it('ends with an error when the publisher is gone for good', async () => {
    const { folder, server, address } = await serve();
    await server.stop();
    writeFileSync(join(folder, 'access.json'), JSON.stringify({ address, token: TOKEN }));
    const { link: sender } = link(folder);
    const ack = await sender.send('HELLO', {}, 5000);
    expect(ack).toMatchObject({ status: 'error', message: expect.stringContaining('the link broke twice') });
  });
});
