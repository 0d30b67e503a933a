import type { ApiClient } from './api-client.ts';

/** The server pings every 15 s: a connection that is silent for longer is dead without having said so. */
export const maxSilenceMs = 45_000;

interface Reading {
  headers?: Record<string, string>;
  /** Told of the head; what it throws ends the reading. */
  onOpen?: (response: Response) => void;
}

/** The body of an answer, over one connection. Ends with an error when nothing comes for long. */
export async function* readBytes(
  api: ApiClient,
  path: string,
  { headers = {}, onOpen }: Reading = {},
): AsyncGenerator<Uint8Array> {
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(), maxSilenceMs);
  try {
    const response = await api.open('GET', path, { headers, signal: silent.signal });
    onOpen?.(response);
    for await (const bytes of response.body ?? []) {
      timer.refresh();
      yield bytes;
    }
  } finally {
    clearTimeout(timer);
  }
}
