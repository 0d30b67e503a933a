import Koa from 'koa';
import type { Operation } from '../core/endpoint.ts';
import type { Api, RequestState } from './context.ts';
import { createJobEndpoints } from './doors/job-endpoints.ts';
import { accessLog } from './middleware/access-log.ts';
import { discardUnread } from './middleware/discard-unread.ts';
import { errors } from './middleware/errors.ts';
import { requestId } from './middleware/request-id.ts';
import { requestMetrics } from './middleware/request-metrics.ts';
import { responseHeaders } from './middleware/response-headers.ts';
import { unmatched } from './middleware/unmatched.ts';
import { mount } from './mount.ts';
import { openApiDocument } from './openapi/document.ts';
import { createRoutes } from './routes/index.ts';
import { createEventStreams } from './sse/event-streams.ts';
import { createHeartbeats } from './sse/heartbeats.ts';

/** Of any stream of events. */
const maxSilenceMs = 15_000;
const lingerMs = 5_000;

export interface App {
  /** Answers one request; give it to `http.createServer`. */
  handler: ReturnType<Koa['callback']>;
  /** Everything that is mounted: the rows of the documentation and of the authorisation matrix. */
  operations: readonly Operation[];
}

/** The HTTP application as a whole, without a socket. */
export function createApp(options: Omit<Api, 'streams' | 'heartbeats'>): App {
  const heartbeats = createHeartbeats(maxSilenceMs);
  const streams = createEventStreams({ heartbeats, draining: options.draining });
  const api: Api = { ...options, streams, heartbeats };
  const endpoints = api.dialects.flatMap((dialect) => dialect.endpoints);
  const routes = createRoutes(api, createJobEndpoints(endpoints), () => openApiDocument(operations, api.dialects));
  const operations = [...endpoints, ...routes];

  const app = new Koa<RequestState>();
  // What a broken socket says is in the access log already.
  app.on('error', (error) => api.log.debug({ err: error }, 'response not delivered'));
  app.use(requestId());
  app.use(accessLog(api.log));
  app.use(requestMetrics(api.metrics));
  app.use(responseHeaders(api.leaving));
  app.use(discardUnread(lingerMs));
  app.use(errors(api));
  app.use(mount(endpoints, routes, api));
  app.use(unmatched());
  return { handler: app.callback(), operations };
}
