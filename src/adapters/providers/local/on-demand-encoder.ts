import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { assertThat } from '../../../core/errors.ts';
import { type Encoded, type Encoder, startEncoder } from './encoder-host.ts';
import type { SentenceEncoderSettings } from './sentence-encoder.ts';

export interface OnDemandSettings extends SentenceEncoderSettings {
  modelName: string;
  /** The process ends after that long without a call, and its memory is free. */
  idleTimeoutMs: number;
}

/** Waiting and running together: minutes of work on two cores. */
const maxPendingTexts = 16_384;

/** A model process that is there while it is needed: started by the first call, and again by the next after a crash. */
export function createOnDemandEncoder(settings: OnDemandSettings) {
  let encoder: Encoder | null = null;
  let idleTimer: NodeJS.Timeout | undefined;
  let pendingTexts = 0;

  function running(): Encoder {
    encoder ??= start();
    return encoder;
  }

  function start(): Encoder {
    assertThat(
      existsSync(join(settings.folder, 'onnx/model.onnx')),
      'upstream_error',
      `The local model ${settings.modelName} is not installed. "npm run engines -- up" installs it.`,
      { cause: settings.folder },
    );
    const started = startEncoder(settings, () => {
      if (encoder === started) encoder = null;
    });
    return started;
  }

  async function stop(): Promise<void> {
    clearTimeout(idleTimer);
    const stopped = encoder;
    encoder = null;
    await stopped?.stop();
  }

  return {
    async encode(texts: readonly string[], signal: AbortSignal): Promise<Encoded> {
      assertThat(!signal.aborted, 'client_closed_request', 'The call was cancelled.', { cause: signal.reason });
      const hasRoom = pendingTexts + texts.length <= maxPendingTexts;
      assertThat(hasRoom, 'overloaded', 'The local model has too much to do. Please try again.', {
        retryAfterMs: 10_000,
      });
      clearTimeout(idleTimer);
      pendingTexts += texts.length;
      try {
        return await running().encode(texts, signal);
      } finally {
        pendingTexts -= texts.length;
        if (pendingTexts === 0) idleTimer = setTimeout(() => void stop(), settings.idleTimeoutMs).unref();
      }
    },

    stop,
  };
}

export type OnDemandEncoder = ReturnType<typeof createOnDemandEncoder>;
