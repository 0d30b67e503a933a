/**
 * A vendor of chat that costs next to nothing: fixed bytes over bare sockets, in the words of OpenAI or of Anthropic. Its
 * streams send a token every 20 ms, each with the time it was sent, spread evenly so that no two streams share their beat.
 *
 * `node stub.ts`, prints its port. `max_tokens` says how many tokens a stream has; 0 for one that falls silent.
 */
import { createServer, type Socket } from 'node:net';
import { Requests } from './http-messages.ts';

const beatMs = 20;
const said = 'The quick brown fox jumps over the lazy dog.';

/** What a vendor says, as fixed bytes. */
interface Words {
  answer: string;
  /** What a stream begins with. */
  start: string;
  token(text: string): string;
  end: string;
}

const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const json = (body: object) => {
  const text = JSON.stringify(body);
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
};
const modelList = json({ object: 'list', data: [{ id: 'stub', object: 'model', created: 1, owned_by: 'stub' }] });
const streamHead =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nx-request-id: req_stub\r\n\r\n';

const completion = { id: 'chatcmpl-stub', object: 'chat.completion', created: 1_700_000_000, model: 'stub-2024-08-06' };
const usage = { prompt_tokens: 24, completion_tokens: 10, total_tokens: 34 };
const frame = (choices: object[], more: object = {}) =>
  `data: ${JSON.stringify({ ...completion, object: 'chat.completion.chunk', choices, ...more })}\n\n`;
const choice = (delta: object, finish: string | null) => [{ index: 0, delta, finish_reason: finish }];

const openai: Words = {
  answer: json({
    ...completion,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: said, refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage,
  }),
  start: frame(choice({ role: 'assistant', content: '' }, null)),
  token: (text) => frame(choice({ content: text }, null)),
  end: `${frame(choice({}, 'stop'))}${frame([], { usage })}data: [DONE]\n\n`,
};

const message = { id: 'msg_stub', type: 'message', role: 'assistant', model: 'stub-2024-08-06' };
const event = (type: string, more: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;

const anthropic: Words = {
  answer: json({
    ...message,
    content: [{ type: 'text', text: said }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 24, output_tokens: 10 },
  }),
  start:
    event('message_start', {
      message: { ...message, content: [], stop_reason: null, usage: { input_tokens: 24, output_tokens: 1 } },
    }) + event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  token: (text) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
  end:
    event('content_block_stop', { index: 0 }) +
    event('message_delta', {
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: 10 },
    }) +
    event('message_stop', {}),
};

interface Stream {
  socket: Socket;
  words: Words;
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
      if (stream.socket.destroyed) {
        slot?.delete(stream);
        continue;
      }
      stream.left -= 1;
      const sentAt = performance.timeOrigin + performance.now();
      stream.socket.write(chunk(stream.words.token(` ${sentAt.toFixed(3)}`)));
      if (stream.left > 0) continue;
      slot?.delete(stream);
      stream.socket.write(`${chunk(stream.words.end)}0\r\n\r\n`);
    }
  }
}, 1);

function openStream(socket: Socket, words: Words, tokens: number): void {
  socket.write(streamHead + chunk(words.start));
  if (tokens === 0) return;
  const stream = { socket, words, left: tokens };
  const slot = slots[opened % beatMs];
  opened += 1;
  slot?.add(stream);
}

const server = createServer({ noDelay: true }, (socket) => {
  const requests = new Requests();
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    for (const { head, body } of requests.add(bytes)) {
      const words = head.includes('/v1/messages') ? anthropic : openai;
      // A translated call is a stream here, whatever it is to its caller; its vendor asks for thousands of tokens.
      const asked = Number(/"max_tokens":(\d+)/.exec(body)?.[1] ?? 10);
      const tokens = asked > 1_000 ? 1 : asked;
      if (head.startsWith('GET')) socket.write(modelList);
      else if (body.includes('"stream":true')) openStream(socket, words, tokens);
      else socket.write(words.answer);
    }
  });
});
server.listen(0, '127.0.0.1', 1_024, () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});
