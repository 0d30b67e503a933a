import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HealthSettings {
  healthPort: number;
  healthHost: string;
}

/** What the process can say of itself. */
export interface HealthSources {
  isReady(): boolean;
  /** In Prometheus' text form. */
  readMetrics(): Promise<string>;
}

export interface HealthServer {
  url: string;
  close(): Promise<void>;
}

/** `/livez`, `/readyz` and `/metrics` of the worker process, for a supervisor and a collector that ask over HTTP. */
export async function serveHealth(settings: HealthSettings, sources: HealthSources): Promise<HealthServer> {
  const server = createServer((request, response) => {
    if (request.url === '/livez') return reply(response, 200, 'ok');
    if (request.url === '/readyz') {
      const isReady = sources.isReady();
      return reply(response, isReady ? 200 : 503, isReady ? 'ok' : 'unavailable');
    }
    if (request.url === '/metrics') {
      sources.readMetrics().then(
        (text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text),
        () => reply(response, 500, 'the figures cannot be read'),
      );
      return;
    }
    return reply(response, 404, 'not found');
  });
  server.listen(settings.healthPort, settings.healthHost);
  await once(server, 'listening');
  return {
    url: `http://${settings.healthHost}:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function reply(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ status: text }));
}
