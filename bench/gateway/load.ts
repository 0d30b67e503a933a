/**
 * One load against one address, from a process of its own; prints its result as a line of JSON.
 *
 * `node load.ts '{"url": …, "headers": {…}, "model": …, "mode": "calls" | "streams" | "idle", …}'`
 */
import { connect, type Socket } from 'node:net';
import { percentile } from '../report.ts';
import { Answer } from './http-messages.ts';

export interface LoadOptions {
  url: string;
  headers: Record<string, string>;
  model: string;
  /** `calls`: as many as go, one after the other on each connection. `streams`: each once. `idle`: open until killed. */
  mode: 'calls' | 'streams' | 'idle';
  connections: number;
  /** Of `calls`. */
  durationMs: number;
  /** Of a stream. */
  tokens: number;
}

export interface LoadResult {
  completed: number;
  failed: number;
  /** Of `streams`: tokens that came, and how long after they were sent. */
  events: number;
  delayP50Ms: number;
  delayP99Ms: number;
  elapsedMs: number;
}

const options = JSON.parse(process.argv[2] ?? '') as LoadOptions;
const { hostname, port, pathname } = new URL(options.url);
const messages = [
  { role: 'system', content: 'You are a helpful assistant.' },
  { role: 'user', content: 'Say something about foxes and dogs, in one sentence please.' },
];
const stream =
  options.mode === 'calls' ? {} : { stream: true, max_tokens: options.mode === 'idle' ? 0 : options.tokens };
const body = JSON.stringify({ model: options.model, messages, ...stream });
const head = Object.entries({
  host: `${hostname}:${port}`,
  'content-type': 'application/json',
  'content-length': String(Buffer.byteLength(body)),
  ...options.headers,
}).map(([name, value]) => `${name}: ${value}`);
const request = `POST ${pathname} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n${body}`;

const result = { completed: 0, failed: 0, events: 0 };
const delays: number[] = [];
const startedAt = performance.now();
const untilMs = startedAt + options.durationMs;

function open(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Rejects on a cut connection or a bad status. */
function ask(socket: Socket, onBody: (text: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const answer = new Answer();
    const onClose = () => reject(new Error('closed'));
    socket.once('close', onClose);
    const onData = (bytes: Buffer) => {
      onBody(answer.add(bytes));
      if (!answer.isComplete) return;
      socket.off('data', onData);
      socket.off('close', onClose);
      if (answer.status === 200) resolve();
      else reject(new Error(`status ${answer.status}: ${bytes.toString().slice(0, 400)}`));
    };
    socket.on('data', onData);
    socket.write(request);
  });
}

async function calls(socket: Socket): Promise<void> {
  while (performance.now() < untilMs) {
    await ask(socket, () => undefined);
    result.completed += 1;
  }
}

const token = /"content":" (\d+\.\d+)"/g;

async function readStream(socket: Socket): Promise<void> {
  let tokens = 0;
  let isDone = false;
  let held = '';
  await ask(socket, (text) => {
    const now = performance.timeOrigin + performance.now();
    held += text;
    const whole = held.slice(0, held.lastIndexOf('\n\n') + 2);
    held = held.slice(whole.length);
    for (const [, sentAt] of whole.matchAll(token)) {
      tokens += 1;
      delays.push(now - Number(sentAt));
    }
    isDone ||= whole.includes('data: [DONE]');
  });
  result.events += tokens;
  if (tokens !== options.tokens || !isDone) throw new Error(`${tokens} of ${options.tokens} tokens`);
  result.completed += 1;
}

async function idle(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    socket.once('data', () => resolve());
    socket.write(request);
  });
  result.completed += 1;
}

const run = { calls, streams: readStream, idle }[options.mode];
await Promise.all(
  Array.from({ length: options.connections }, async (_, index) => {
    // All at the same instant would measure the opening.
    if (options.mode === 'streams') await new Promise((resolve) => setTimeout(resolve, index * 2));
    try {
      await run(await open());
    } catch (error) {
      result.failed += 1;
      if (result.failed === 1) process.stderr.write(`${String(error)}\n`);
    }
  }),
);
const summary: LoadResult = {
  ...result,
  delayP50Ms: percentile(delays, 0.5),
  delayP99Ms: percentile(delays, 0.99),
  elapsedMs: performance.now() - startedAt,
};
process.stdout.write(`${JSON.stringify(summary)}\n`);
if (options.mode !== 'idle') process.exit(0);
