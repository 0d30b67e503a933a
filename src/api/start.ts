import { setTimeout as delay } from 'node:timers/promises';
import { dialects } from '../protocols/index.ts';
import { createApp } from './app.ts';
import type { Api, ApiSettings } from './context.ts';
import { startDispatchLoop } from './dispatch-loop.ts';
import { startModelRefresh } from './model-refresh.ts';
import { type ServerSettings, startServer } from './server.ts';

export interface RunningApi {
  url: string;
  /** Not ready from here on; resolves when every request under way has ended or been cut off. */
  stop(): Promise<void>;
}

type ApiParts = Pick<Api, 'verbs' | 'shortVerbs' | 'metrics' | 'log'>;
type Settings = ApiSettings & {
  http: ServerSettings & { drainDelayMs: number };
  jobs: { sweepIntervalMs: number };
};

/** All of the HTTP process but its configuration and its verbs: every dialect, served, and jobs dispatched. */
export async function startApi(settings: Settings, parts: ApiParts): Promise<RunningApi> {
  const { verbs, log } = parts;
  const refreshing = startModelRefresh(verbs, log);
  // Whoever waits until the API listens finds the models there.
  await refreshing.tried;
  const leaving = new AbortController();
  const draining = new AbortController();
  const app = createApp({ ...parts, dialects, settings, leaving: leaving.signal, draining: draining.signal });
  const server = await startServer(app.handler, settings.http, log);
  const dispatching = startDispatchLoop(verbs, settings.jobs, log);
  return {
    url: server.url,
    async stop() {
      leaving.abort();
      // Whoever asks whether we are ready has to hear the no before connections are refused.
      await delay(settings.http.drainDelayMs);
      draining.abort();
      await Promise.all([dispatching.stop(), refreshing.stop(), server.close()]);
    },
  };
}
