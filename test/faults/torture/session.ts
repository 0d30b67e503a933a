/** How a caller of the run speaks to the gateway: through either API, with every answer written down. */
import { setTimeout as delay } from 'node:timers/promises';
import type { History } from './history.ts';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON; undefined where it is none. */
  json: Record<string, unknown> | undefined;
}

export interface Request {
  body?: unknown;
  form?: FormData;
  headers?: Record<string, string>;
  timeoutMs?: number;
}

/** No answer came, or only a part of it: what became of the request is unknown. */
export class Unknown extends Error {
  override readonly name = 'Unknown';
}

export interface Caller {
  /** Counted from 0. */
  owner: number;
  token: string;
}

export interface Session {
  caller: Caller;
  history: History;
  /** The API process that the next request goes to. */
  next(): string;
  /** One request to the API that is next in turn. Throws `Unknown`. */
  ask(operation: string, method: string, path: string, request?: Request): Promise<Answer>;
  /** An answer that streams. The caller reads it; throws `Unknown` when not even a head comes. */
  open(operation: string, method: string, path: string, request?: Request): Promise<Response>;
  /** Again, on the other API, for as long as the outcome is unknown or the answer asks to come again. */
  insist(operation: string, method: string, path: string, request: () => Request): Promise<Answer | null>;
}

const requestTimeoutMs = 20_000;
/** Longer than everything can be away: what is still not answered then, with nothing broken any more, never will be. */
const insistForMs = 600_000;
const comeAgain = new Set([408, 409, 429, 500, 502, 503, 504]);

export function openSession(urls: () => readonly string[], caller: Caller, history: History): Session {
  let turn = caller.owner;

  async function send(method: string, path: string, request: Request): Promise<Response> {
    const url = urls()[turn++ % urls().length] ?? '';
    try {
      return await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${caller.token}`,
          ...(request.body !== undefined && { 'content-type': 'application/json' }),
          ...request.headers,
        },
        ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
        ...(request.form && { body: request.form }),
        signal: AbortSignal.timeout(request.timeoutMs ?? requestTimeoutMs),
      });
    } catch (error) {
      throw new Unknown(reasonOf(error));
    }
  }

  function note(operation: string, method: string, path: string, status: number, text: string): void {
    if (status < 400) return;
    const json = jsonIn(text);
    const code = codeIn(json);
    const request = `${method} ${path.replaceAll(/job_\w+/g, ':job')}`;
    history.add({
      type: 'refused',
      operation,
      request,
      status,
      code,
      isTyped: code !== null || typeof json?.['detail'] === 'string',
    });
  }

  const session: Session = {
    caller,
    history,
    next: () => `api-${(turn % urls().length) + 1}`,

    async ask(operation, method, path, request = {}) {
      const response = await send(method, path, request);
      const text = await response.text().catch((error: unknown) => {
        throw new Unknown(reasonOf(error));
      });
      note(operation, method, path, response.status, text);
      return { status: response.status, headers: response.headers, text, json: jsonIn(text) };
    },

    async open(operation, method, path, request = {}) {
      const response = await send(method, path, request);
      if (response.status >= 400) {
        note(
          operation,
          method,
          path,
          response.status,
          await response
            .clone()
            .text()
            .catch(() => ''),
        );
      }
      return response;
    },

    async insist(operation, method, path, request) {
      const givesUpAt = Date.now() + insistForMs;
      while (Date.now() < givesUpAt) {
        try {
          const answer = await session.ask(operation, method, path, request());
          if (!comeAgain.has(answer.status)) return answer;
        } catch (error) {
          if (!(error instanceof Unknown)) throw error;
          history.add({ type: 'info', operation, reason: error.message });
        }
        await delay(250);
      }
      return null;
    },
  };
  return session;
}

function jsonIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Each dialect puts it somewhere else; that of documents has a sentence in place of a code. */
function codeIn(json: Record<string, unknown> | undefined): string | null {
  const error = json?.['error'];
  const inner = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : json;
  const code = inner?.['code'] ?? inner?.['type'];
  return typeof code === 'string' ? code : null;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as { code?: unknown }).code;
  return typeof code === 'string' ? code : cause instanceof Error ? cause.name : String(cause);
}
