import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/**
 * Keeps answers from being cut off before they have left, and readers from keeping them for ever.
 *
 * Node takes a connection for idle as soon as its answer is written, also while that has not left yet, and a server that
 * stops closes those that are idle. Here they are kept until then, or until the server's deadline.
 *
 * A reader that takes nothing of what waits for it, for once or twice `maxStallMs`, is cut off: it holds that, and the
 * provider that goes on making it. Silence of ours is not theirs: a call may take as long as it takes.
 */
export function guardAnswers(server: Server, maxStallMs: number): void {
  const underWay = new Set<ServerResponse>();
  const watch = (_req: IncomingMessage, res: ServerResponse) => {
    underWay.add(res);
    res.once('close', () => underWay.delete(res));
  };
  server.on('request', watch);
  server.on('checkContinue', watch);

  const closeIdle = server.closeIdleConnections.bind(server);
  server.closeIdleConnections = () => {
    const isLeaving = ({ writableEnded, writableFinished }: ServerResponse) => writableEnded && !writableFinished;
    if (![...underWay].some(isLeaving)) closeIdle();
  };

  // What Node measures is the time without a byte either way in which what waits has not become less. The rest of a kept
  // connection is told in the same way, by its own bound.
  server.setTimeout(maxStallMs, (socket) => {
    const isSilence = socket.writableLength === 0 && [...underWay].some((res) => res.socket === socket);
    if (!isSilence) socket.destroy();
  });
}
