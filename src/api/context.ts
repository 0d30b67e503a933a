import type { RouterContext } from '@koa/router';
import type { ParameterizedContext } from 'koa';
import type { Registry } from 'prom-client';
import type { Config } from '../config.ts';
import type { Principal } from '../core/access.ts';
import type { Logger } from '../core/call.ts';
import type { Dialect, Operation } from '../core/endpoint.ts';
import type { Verbs } from '../core/verbs.ts';
import type { EventStreams } from './sse/event-streams.ts';
import type { Heartbeats } from './sse/heartbeats.ts';

/** The sections of the configuration that the HTTP process lives by. */
export interface ApiSettings {
  http: Omit<Config['http'], 'host' | 'port' | 'drainDelayMs' | 'shutdownTimeoutMs'>;
  jobs: Pick<Config['jobs'], 'maxWaitMs'>;
  documents: Pick<Config['documents'], 'waitMs'>;
  temporal: Pick<Config['temporal'], 'uiUrl' | 'namespace'>;
  files: Pick<Config['files'], 'maxBytes' | 'maxPartBytes'>;
}

/** What every part of the HTTP process is made with. */
export interface Api {
  verbs: Verbs;
  /** The verbs for a call whose answer is not streamed: here, or in a worker while the caller waits. */
  shortVerbs: Verbs;
  /** Most specific first. */
  dialects: readonly Dialect[];
  settings: ApiSettings;
  log: Logger;
  metrics: Registry;
  /** Aborts when the process is about to stop: it still answers, and asks its callers to go elsewhere. */
  leaving: AbortSignal;
  /** Aborts when it stops: nothing new comes in any more, and long answers come to an end. */
  draining: AbortSignal;
  streams: EventStreams;
  heartbeats: Heartbeats;
}

/** What is known of a request as it passes through the middleware. */
export interface RequestState {
  requestId: string;
  /** Known once a route has matched. */
  operation?: Operation;
  /** Known once the caller has been let in. */
  principal?: Principal;
  /** Renders the error of this request, where it is not the owner of its path that does. */
  dialect?: Dialect;
  /** Headers of the request that mean nothing to it, and of which its caller is told. */
  ignoredHeaders?: readonly string[];
  /** The code of the error that was answered, for the access log. */
  errorCode?: string;
}

export type Context = ParameterizedContext<RequestState>;
export type MatchedContext = RouterContext<RequestState>;
