import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createEventStreams, type EventStream } from '../../../src/api/sse/event-streams.ts';
import { createHeartbeats } from '../../../src/api/sse/heartbeats.ts';

/** A server whose every answer is an event stream. */
async function startStreams(context: TestContext, maxSilenceMs: number) {
  const draining = new AbortController();
  const streams = createEventStreams({ heartbeats: createHeartbeats(maxSilenceMs), draining: draining.signal });
  const opened: EventStream[] = [];
  const server = createServer((_req, res: ServerResponse) => opened.push(streams.start(res)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { streams, opened, draining, open: () => fetch(`http://127.0.0.1:${port}`) };
}

async function readUntil(response: Response, pattern: RegExp): Promise<string> {
  let text = '';
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part;
    if (pattern.test(text)) return text;
  }
  throw new Error(`The stream ended without ${pattern}: ${text}`);
}

test('an idle stream is kept alive by comments', async (t) => {
  const { open } = await startStreams(t, 10);
  assert.equal(await readUntil(await open(), /(: ping\n\n){2}/), 'retry: 2000\n\n: ping\n\n: ping\n\n');
});

test('a stream that has events needs no comments, and has one when it falls silent', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { open, opened } = await startStreams(t, 1_000);
  const response = await open();
  for (const untilNextMs of [900, 100, 1_000]) {
    void opened[0]?.send({ event: 'a', data: 1 });
    t.mock.timers.tick(untilNextMs);
  }
  opened[0]?.end();
  const a = 'event: a\ndata: 1\n\n';
  assert.equal(await response.text(), `retry: 2000\n\n${a}${a}${a}: ping\n\n`);
});

test('an event without an id has none', async (t) => {
  const { open, opened } = await startStreams(t, 60_000);
  const response = await open();
  await opened[0]?.send({ event: 'a', data: { b: 'c\nd' } });
  assert.match(await readUntil(response, /data/), /\n\nevent: a\ndata: \{"b":"c\\nd"\}\n\n$/);
});

test('a stream that nobody reads any more is forgotten', async (t) => {
  const { open, opened, streams } = await startStreams(t, 60_000);
  const responses = await Promise.all(Array.from({ length: 3 }, open));
  assert.equal(streams.size, 3);
  await responses[0]?.body?.cancel();
  await t.waitFor(() => assert.equal(streams.size, 2));
  assert.equal(opened.filter(({ signal }) => signal.aborted).length, 1);
});

test('nothing is written behind the end that its reader has not read yet', async (t) => {
  const beats: (() => void)[] = [];
  const add = (beat: () => void) => {
    beats.push(beat);
    return () => undefined;
  };
  const draining = new AbortController();
  const streams = createEventStreams({ heartbeats: { add }, draining: draining.signal });
  const ended = Promise.withResolvers<void>();
  const server = createServer(async (_req, res) => {
    const stream = streams.start(res);
    // What has been written leaves in the turn after, until the system takes no more.
    do {
      await stream.send({ event: 'a', data: 'x'.repeat(10_000) });
      await new Promise(setImmediate);
    } while (res.writableLength === 0);
    stream.end();
    ended.resolve();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await ended.promise;
  for (const beat of [...beats, ...beats]) beat();
  draining.abort();
  const text = await response.text();
  assert.match(text, /xxx"\n\n$/);
  assert.doesNotMatch(text, /ping|draining/);
});

test('sending to a reader who has gone does nothing', async (t) => {
  const { open, opened } = await startStreams(t, 60_000);
  const response = await open();
  const [stream] = opened;
  await response.body?.cancel();
  await t.waitFor(() => assert.ok(stream?.signal.aborted));
  await stream?.send({ event: 'a', data: 'x'.repeat(10_000_000) });
});

test('a thousand open streams cost little', async (t) => {
  const { open, streams, opened } = await startStreams(t, 60_000);
  await (await open()).body?.cancel();
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const responses = await Promise.all(Array.from({ length: 1_000 }, open));
  await t.waitFor(() => assert.ok(streams.size >= 1_000));
  const perStreamKiB = (process.memoryUsage().rss - before) / 1024 / 1_000;
  // Both ends are in this process; the reading one is most of it.
  assert.ok(perStreamKiB < 200, `${perStreamKiB.toFixed(0)} KiB per stream`);
  for (const stream of opened) stream.end();
  await Promise.all(responses.map((response) => response.text()));
});
