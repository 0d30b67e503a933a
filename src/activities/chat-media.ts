import type { Outbound } from '../adapters/http/outbound.ts';
import type { Config } from '../config.ts';
import { fetchesItself, keyOf, type NamedMedia, namedMediaIn, withFetched } from '../core/chat/media.ts';
import type { ChatRequest, Media } from '../core/chat.ts';
import { assertThat } from '../core/errors.ts';
import { inLanes } from '../core/in-lanes.ts';
import type { ModelProvider } from '../core/models.ts';

export interface MediaDependencies {
  outbound: Pick<Outbound, 'download'>;
  config: Pick<Config, 'outbound'>;
}

/** Downloads of one request that run side by side. */
const lanes = 4;

/**
 * What one request names by its address: fetched here for those providers that must not or cannot do it themselves,
 * and once, however many of them are asked.
 */
export function createRequestMedia(deps: MediaDependencies, request: ChatRequest) {
  const { maxDownloads, maxDownloadBytes, downloadTimeoutMs } = deps.config.outbound;
  const named = namedMediaIn(request);
  const fetched = new Map<string, Media>();
  let leftBytes = maxDownloadBytes;

  async function fetchOne({ kind, url, param }: NamedMedia, signal: AbortSignal): Promise<void> {
    const limits = { maxBytes: Math.max(0, leftBytes), timeoutMs: downloadTimeoutMs };
    const { mediaType, bytes } = await deps.outbound.download({ kind, url, param, signal, ...limits });
    leftBytes -= bytes.length;
    const sentence = `Expected at most ${maxDownloadBytes} bytes at the addresses that a request names.`;
    assertThat(leftBytes >= 0, 'invalid_request', sentence, { param });
    fetched.set(keyOf({ kind, url }), { kind: 'data', mediaType, data: bytes.toString('base64') });
  }

  const leftTo = (provider: ModelProvider) => named.filter(({ kind }) => !fetchesItself(provider, kind));

  return {
    isNeededFor(provider: ModelProvider): boolean {
      return leftTo(provider).length > 0;
    },

    /** `given` with what is there in place of addresses. Throws `invalid_request` with `param`. */
    async fetchInto(given: ChatRequest, provider: ModelProvider, signal: AbortSignal): Promise<ChatRequest> {
      const missing = leftTo(provider).filter((one) => !fetched.has(keyOf(one)));
      const sentence = `Expected at most ${maxDownloads} addresses of pictures and files; got ${missing.length}.`;
      assertThat(missing.length <= maxDownloads, 'invalid_request', sentence, { param: 'messages' });
      const failures = new Map<NamedMedia, unknown>();
      await inLanes(missing, lanes, signal, async (one) => {
        await fetchOne(one, signal).catch((error: unknown) => failures.set(one, error));
      });
      // The first in the request, whichever came first: the same request is told the same again.
      const failed = missing.find((one) => failures.has(one));
      if (failed) throw failures.get(failed);
      return withFetched(given, fetched);
    },
  };
}

export type RequestMedia = ReturnType<typeof createRequestMedia>;
