/**
 * Readers of event streams, as a process of their own: each is a socket and little else. Told over the channel what to
 * open; answers `{ open }` when all are; closes all; and answers, when it is asked, the delays of all events since it was last asked.
 */
import { connect, type Socket } from 'node:net';

export interface ReadersOptions {
  port: number;
  key: string;
  /** The streams, one each; a path may come several times. */
  paths: readonly string[];
}

const openAtOnce = 100;
let delaysMs: number[] = [];

const sockets = new Set<Socket>();

process.on('message', (message: ReadersOptions | 'delays' | 'close') => {
  if (message === 'delays') {
    process.send?.({ delaysMs });
    delaysMs = [];
  } else if (message === 'close') for (const socket of sockets) socket.destroy();
  else void openAll(message);
});
process.on('disconnect', () => process.exit(0));

async function openAll({ port, key, paths }: ReadersOptions): Promise<void> {
  for (let first = 0; first < paths.length; first += openAtOnce) {
    await Promise.all(paths.slice(first, first + openAtOnce).map((path) => open(port, path, key)));
  }
  process.send?.({ open: paths.length });
}

/** Resolves when the job's first event has come: the stream is live from there on. */
function open(port: number, path: string, key: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    let text = '';
    socket.setEncoding('latin1');
    socket.on('error', reject);
    socket.on('data', (piece: string) => {
      const now = performance.timeOrigin + performance.now();
      text += piece;
      if (text.includes('event: job.started')) resolve();
      for (const [, at] of text.matchAll(/"written_at":([\d.]+)/g)) delaysMs.push(now - Number(at));
      text = text.slice(text.lastIndexOf('\n\n') + 1);
    });
    socket.write(`GET ${path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${key}\r\n\r\n`);
  });
}
