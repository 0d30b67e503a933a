/**
 * A vendor of chat that costs next to nothing: fixed bytes over bare sockets. Its streams send a token every 20 ms, each
 * with the time it was sent, spread evenly so that no two streams share their beat.
 *
 * `node stub.ts`, prints its port. `max_tokens` says how many tokens a stream has; 0 for one that falls silent.
 */
import { createServer, type Socket } from 'node:net';
import { Requests } from './http-messages.ts';

const beatMs = 20;
const answer = JSON.stringify({
  id: 'chatcmpl-stub',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'stub-2024-08-06',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'The quick brown fox jumps over the lazy dog.', refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 24, completion_tokens: 10, total_tokens: 34 },
});
const models = JSON.stringify({
  object: 'list',
  data: [{ id: 'stub', object: 'model', created: 1, owned_by: 'stub' }],
});
const json = (body: string) =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const completion = json(answer);
const modelList = json(models);
const streamHead =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nx-request-id: req_stub\r\n\r\n';

const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const frame = (delta: object, finish: string | null, more = '') =>
  `data: {"id":"chatcmpl-stub","object":"chat.completion.chunk","created":1700000000,"model":"stub-2024-08-06","choices":[{"index":0,"delta":${JSON.stringify(delta)},"finish_reason":${JSON.stringify(finish)}}]${more}}\n\n`;
const end =
  frame({}, 'stop') +
  'data: {"id":"chatcmpl-stub","object":"chat.completion.chunk","created":1700000000,"model":"stub-2024-08-06","choices":[],"usage":{"prompt_tokens":24,"completion_tokens":10,"total_tokens":34}}\n\n' +
  'data: [DONE]\n\n';

interface Stream {
  socket: Socket;
  left: number;
}

/** Streams by the millisecond of the beat in which they send. */
const slots: Set<Stream>[] = Array.from({ length: beatMs }, () => new Set());
let opened = 0;
let served = Math.floor(performance.now());

setInterval(() => {
  for (const now = Math.floor(performance.now()); served < now; served += 1) {
    const slot = slots[served % beatMs];
    for (const stream of slot ?? []) {
      stream.left -= 1;
      const sentAt = performance.timeOrigin + performance.now();
      stream.socket.write(chunk(frame({ content: ` ${sentAt.toFixed(3)}` }, null)));
      if (stream.left > 0) continue;
      slot?.delete(stream);
      stream.socket.write(`${chunk(end)}0\r\n\r\n`);
    }
  }
}, 1);

function openStream(socket: Socket, tokens: number): void {
  socket.write(streamHead + chunk(frame({ role: 'assistant', content: '' }, null)));
  if (tokens === 0) return;
  const stream = { socket, left: tokens };
  const slot = slots[opened % beatMs];
  opened += 1;
  slot?.add(stream);
  socket.once('close', () => slot?.delete(stream));
}

const server = createServer({ noDelay: true }, (socket) => {
  const requests = new Requests();
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    for (const { head, body } of requests.add(bytes)) {
      if (head.startsWith('GET')) socket.write(modelList);
      else if (body.includes('"stream":true')) openStream(socket, Number(/"max_tokens":(\d+)/.exec(body)?.[1] ?? 10));
      else socket.write(completion);
    }
  });
});
server.listen(0, '127.0.0.1', 1_024, () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});
