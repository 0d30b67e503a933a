import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import type { Call } from '../core/call.ts';
import type { Operation } from '../core/endpoint.ts';
import type { RawRequest } from '../core/validation/validate-request.ts';
import type { MatchedContext } from './context.ts';

/** A route that is not a call on a verb: it reads or writes HTTP headers, streams, or is about the server itself. */
export interface Route extends Operation {
  /** Request headers it reads, by name, for the documentation. */
  headers?: Readonly<Record<string, string>>;
  /** The type of its answer; JSON unless said otherwise. */
  mediaType?: string;
  /** Makes JSON of form fields that carry it as text, before the schemas see them. */
  decode?(raw: RawRequest): RawRequest;
  /** Refuses a request before its body is read. */
  checkHeaders?(req: IncomingMessage): void;
  /** Has the files in its hands: those of a request that it refuses are its own to discard. */
  handle(exchange: Exchange): Promise<void>;
}

export interface Exchange<P = unknown, Q = unknown, B = unknown> {
  ctx: MatchedContext;
  call: Call;
  params: P;
  query: Q;
  body: B;
  files: RawRequest['files'];
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** Joins an operation with what answers it, so that the handler sees what the schemas have made of the request. */
export function route<const O extends Operation & Pick<Route, 'headers' | 'mediaType' | 'decode' | 'checkHeaders'>>(
  operation: O,
  handle: (exchange: Exchange<Parsed<O['params']>, Parsed<O['query']>, Parsed<O['body']>>) => Promise<void>,
): Route {
  return { ...operation, handle } as Route;
}
