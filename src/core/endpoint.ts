/**
 * One endpoint, one declaration: data and pure functions from which the route, validation, access, OpenAPI, the job
 * form and the row of the authorisation matrix are derived.
 */
import type { z } from 'zod';
import type { AccessRule } from './access.ts';
import type { BlobRef } from './blob.ts';
import type { StreamVerb } from './call.ts';
import type { GatewayError } from './errors.ts';
import type { Job, JobKind } from './job.ts';
import type { Verbs } from './verbs.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
type Input<V extends keyof Verbs> = Parameters<Verbs[V]>[0];
export type Output<V extends keyof Verbs> =
  Verbs[V] extends StreamVerb<never, infer Part> ? readonly Part[] : Awaited<ReturnType<Verbs[V]>>;

/** What every route has, whether it is a call on a verb or lives in `api/routes`. */
export interface Operation {
  method: Method;
  /** With `:name` for parameters; `:name+` takes slashes too. */
  path: `/${string}`;
  permission: AccessRule;
  summary: string;
  /** Heading it stands under in the documentation. */
  tag: string;
  deprecated?: boolean;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  /** Takes bodies up to the limit of inference. True of every endpoint with a job form, unless said otherwise. */
  largeBody?: boolean;
  /** File fields of a multipart form; its other fields are `body`. */
  files?: Record<string, FileField>;
  /** The setting of the section `files` that bounds them; otherwise it is `http.maxFileBytes`. */
  fileBound?: 'maxBytes' | 'maxPartBytes';
  response: z.ZodType | null;
  /** 200 unless said otherwise; 204 has no body. */
  status?: number;
}

export interface FileField {
  required: boolean;
  description: string;
}

/** How a call becomes a job. */
export interface JobForm {
  kind: JobKind;
  /** Never runs inline; without `Prefer` the caller waits for the job up to the configured time. */
  always?: boolean;
  /** False for a request of this endpoint that is answered inline whatever the caller prefers. */
  applies?(files: Record<string, BlobRef>): boolean;
  view?: JobView;
}

/** For a dialect whose requests ask in their body to be run as a job, and which shows that job in words of its own. */
export interface JobView {
  wanted(body: unknown): boolean;
  /** The answer to the request, with 200. */
  present(job: Job, body: unknown): unknown;
  /** The verb whose parts are the job's events `{ type, … }`, from the first: the answer to one that wants a stream. */
  follow?: { verb: 'followResponse'; input(job: Job): { id: string } };
}

/** The validated request beside its body. */
export interface RequestParts<P, Q> {
  params: P;
  query: Q;
  files: Record<string, BlobRef>;
  /** The JSON text of the body, for an answer that an upstream gives to it as it is; null where there is none. */
  bytes: Uint8Array | null;
}

/** One event of a streamed answer. `data` is sent as JSON, a string as it stands. */
export interface WireEvent {
  event?: string;
  data: unknown;
}

/** A streamed answer: a reducer from the parts of the verb to events of the wire. */
export interface StreamForm {
  /** Whether this request wants its answer as a stream. */
  when(body: unknown): boolean;
  writer: 'sse' | 'ndjson';
  initial(body: unknown): unknown;
  next(state: unknown, part: unknown): readonly [state: unknown, events: readonly WireEvent[]];
  /**
   * Where the telling stands after bytes of an upstream that were passed on as they are, as far as a failure behind them
   * has to know: asked for the first and the last of them, when they are followed by one.
   */
  heard?(state: unknown, bytes: Uint8Array): unknown;
  /** After the last part. */
  end(state: unknown): readonly WireEvent[];
  /** In place of the end, for a failure after the first event. */
  failed(state: unknown, error: GatewayError, requestId: string): readonly WireEvent[];
}

export interface Endpoint extends Operation {
  verb: keyof Verbs;
  job?: JobForm;
  stream?: StreamForm;
  toCore(body: unknown, parts: RequestParts<unknown, unknown>): unknown;
  fromCore(result: unknown, body: unknown, parts: RequestParts<unknown, unknown>): unknown;
}

type Part<V extends keyof Verbs> = Verbs[V] extends StreamVerb<never, infer P> ? P : never;

interface TypedStreamForm<B, P, S> extends Pick<StreamForm, 'writer'> {
  when(body: B): boolean;
  initial(body: B): S;
  next(state: S, part: P): readonly [state: S, events: readonly WireEvent[]];
  heard?(state: S, bytes: Uint8Array): S;
  end(state: S): readonly WireEvent[];
  failed(state: S, error: GatewayError, requestId: string): readonly WireEvent[];
}

interface Declaration<
  V extends keyof Verbs,
  B extends z.ZodType,
  P extends z.ZodType,
  Q extends z.ZodType,
  R extends z.ZodType,
  A,
  S,
> extends Operation {
  verb: V;
  params?: P;
  query?: Q;
  body?: B;
  response: R | null;
  job?: JobForm;
  stream?: TypedStreamForm<z.output<B>, Part<V>, S>;
  toCore(body: z.output<B>, parts: RequestParts<z.output<P>, z.output<Q>>): Input<V>;
  fromCore(result: Output<V>, body: z.output<B>, parts: RequestParts<z.output<P>, z.output<Q>>): A;
}

/**
 * Checks a declaration against its verb and schemas at compile time: an unknown verb, a wrong core input or a wrong
 * answer does not compile. `const A` keeps literals such as `object: 'list'` from widening.
 */
export function endpoint<
  V extends keyof Verbs,
  R extends z.ZodType,
  const A extends z.input<R>,
  B extends z.ZodType = z.ZodUndefined,
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  S = never,
>(declaration: Declaration<V, B, P, Q, R, A, S>): Endpoint {
  return declaration as unknown as Endpoint;
}

type WireBody = Record<string, unknown> | readonly unknown[] | null;

export interface RenderedError {
  status: number;
  headers: Record<string, string>;
  body: WireBody;
}

/** A public API as a whole: which paths are its own, and how it says no. */
export interface Dialect {
  name: string;
  endpoints: readonly Endpoint[];
  /** True for paths whose errors this dialect renders, also where no route matches. */
  owns(path: string): boolean;
  renderError(error: GatewayError, requestId: string): RenderedError;
}

/** `METHOD /path/template`: the name of an operation in jobs, metrics and the authorisation matrix. */
export function operationName(operation: Pick<Operation, 'method' | 'path'>): string {
  return `${operation.method} ${operation.path}`;
}
