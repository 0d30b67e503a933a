import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';

export interface HealthSettings {
  healthPort: number | null;
  healthHost: string;
}

/** `/livez` and `/readyz` of the worker process, for a supervisor that asks over HTTP. No port, no server. */
export async function serveHealth(
  settings: HealthSettings,
  isReady: () => boolean,
): Promise<{ close(): Promise<void> }> {
  if (settings.healthPort === null) return { close: async () => undefined };
  const server = createServer((request, response) => {
    if (request.url === '/livez') return reply(response, 200, 'ok');
    if (request.url === '/readyz') return reply(response, isReady() ? 200 : 503, isReady() ? 'ok' : 'unavailable');
    return reply(response, 404, 'not found');
  });
  server.listen(settings.healthPort, settings.healthHost);
  await once(server, 'listening');
  return {
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function reply(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ status: text }));
}
