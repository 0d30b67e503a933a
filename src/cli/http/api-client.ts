import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';

interface RequestOptions {
  /** Sent as JSON, or as it is where it is a form. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Ends this call only. */
  signal?: AbortSignal;
}

/** Calls on the API, as anybody makes them. An answer that is not 2xx is thrown with what the server said. */
export interface ApiClient {
  json<Answer>(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  open(method: string, path: string, options?: RequestOptions): Promise<Response>;
}

/** The server's no, or its failure. */
export class ApiError extends CliError {
  readonly status: number;

  constructor(status: number, message: string) {
    super(status < 500 ? exitCodes.refused : exitCodes.unavailable, message);
    this.status = status;
  }
}

/** `key` is asked for on the first call, so that a command's help needs none. `ending` ends every call. */
export function createApiClient(url: string, key: () => string, ending: AbortSignal): ApiClient {
  async function open(method: string, path: string, { body, headers, ...own }: RequestOptions = {}): Promise<Response> {
    const signal = own.signal ? AbortSignal.any([ending, own.signal]) : ending;
    const isForm = body instanceof FormData;
    const authorization = `Bearer ${key()}`;
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        authorization,
        ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
      signal,
    }).catch((cause: unknown) => {
      if (signal.aborted) throw cause;
      throw new CliError(exitCodes.unavailable, `The server at ${url} cannot be reached: ${reasonOf(cause)}.`, {
        cause,
      });
    });
    if (!response.ok) throw new ApiError(response.status, await refusalOf(response));
    return response;
  }

  return {
    open,
    async json<Answer>(method: string, path: string, options?: RequestOptions): Promise<Answer> {
      const response = await open(method, path, options);
      return (await response.json()) as Answer;
    },
  };
}

/** What `fetch` hides behind "fetch failed". */
function reasonOf(failure: unknown): string {
  const { cause } = failure as { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? (failure as Error).message;
}

async function refusalOf(response: Response): Promise<string> {
  const text = await response.text();
  const requestId = response.headers.get('x-request-id');
  const asked = requestId === null ? '' : ` (request ${requestId})`;
  return `The server answered ${response.status}: ${messageIn(text) ?? text.slice(0, 500)}${asked}`;
}

/** Dialects put it in different places. */
function messageIn(text: string): string | undefined {
  try {
    const { error, detail } = JSON.parse(text) as { error?: { message?: unknown }; detail?: unknown };
    return [error?.message, detail].find((message) => typeof message === 'string');
  } catch {
    return undefined;
  }
}
