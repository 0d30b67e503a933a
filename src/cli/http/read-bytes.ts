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
  silenceMs = maxSilenceMs,
): AsyncGenerator<Uint8Array> {
  const silent = new AbortController();
  const startTimer = () => setTimeout(() => silent.abort(), silenceMs);
  let timer = startTimer();
  try {
    const response = await api.open('GET', path, { headers, signal: silent.signal });
    onOpen?.(response);
    for await (const bytes of response.body ?? []) {
      // Whoever takes their time with what has come is not the server's silence.
      clearTimeout(timer);
      yield bytes;
      timer = startTimer();
    }
  } finally {
    clearTimeout(timer);
  }
}
