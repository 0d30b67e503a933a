import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

const timeoutMs = 2_000;

/** Where the engine's own library shows its figures: slots, how long steps wait for a worker. */
export interface EngineMetrics {
  /** For `installRuntime`; only this machine can reach it. */
  bindAddress: string;
  /** In Prometheus' text form; empty when the library does not answer. */
  read(): Promise<string>;
}

/** The library offers them by a port of its own only: it gets a free one, and we hand on what it says. */
export async function prepareEngineMetrics(): Promise<EngineMetrics> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const bindAddress = `127.0.0.1:${port}`;
  return {
    bindAddress,
    async read() {
      const url = `http://${bindAddress}/metrics`;
      const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) }).catch(() => null);
      return answer?.ok ? answer.text() : '';
    },
  };
}
