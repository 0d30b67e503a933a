import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { GatewayError } from '../../../core/errors.ts';
import type { FromEncoder, ToEncoder } from './messages.ts';
import type { SentenceEncoderSettings } from './sentence-encoder.ts';

export interface Encoded {
  /** One vector after the other. */
  values: Float32Array;
  tokens: number;
}

interface Waiting {
  resolve(result: Encoded): void;
  reject(error: GatewayError): void;
}

const entry = fileURLToPath(new URL('./encoder-process.ts', import.meta.url));
/** For texts and tokens; the model's own memory is outside of it. */
const maxHeapMiB = 256;

/** One running model process. Its calls share it; when it dies, they fail and can be tried again. */
export function startEncoder(settings: SentenceEncoderSettings, onEnd: () => void) {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let complaints = '';

  const child = fork(entry, [settings.folder, String(settings.maxTokens), String(settings.threads)], {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${maxHeapMiB}`],
    // Nothing of our environment: it holds secrets, and this process reads foreign text.
    env: { MALLOC_ARENA_MAX: '2' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-4_000);
  });
  child.on('message', (message: FromEncoder) => {
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.type === 'encoded') call?.resolve(message);
    else call?.reject(failure('The local model could not read the input.', message.reason));
  });
  child.once('close', (code, signal) => end(`ended with ${signal ?? code}: ${complaints}`));
  child.once('error', (error) => end(error));

  function end(cause: unknown): void {
    onEnd();
    for (const call of waiting.values()) call.reject(failure('The local model has stopped. Please try again.', cause));
    waiting.clear();
  }

  return {
    encode(texts: readonly string[], signal: AbortSignal): Promise<Encoded> {
      const id = ++lastId;
      return new Promise<Encoded>((resolve, reject) => {
        const onAbort = () => {
          waiting.delete(id);
          send(child, { type: 'cancel', id });
          reject(new GatewayError('client_closed_request', 'The call was cancelled.', { cause: signal.reason }));
        };
        const settled = (then: () => void) => {
          signal.removeEventListener('abort', onAbort);
          then();
        };
        waiting.set(id, {
          resolve: (result) => settled(() => resolve(result)),
          reject: (error) => settled(() => reject(error)),
        });
        signal.addEventListener('abort', onAbort, { once: true });
        send(child, { type: 'encode', id, texts });
      });
    },

    async stop(): Promise<void> {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = new Promise((resolve) => child.once('exit', resolve));
      // It keeps nothing, and a native thread in the middle of a batch would make it wait.
      child.kill('SIGKILL');
      await exited;
    },
  };
}

export type Encoder = ReturnType<typeof startEncoder>;

/** What cannot be sent any more is answered by the process's end. */
function send(child: ChildProcess, message: ToEncoder): void {
  if (child.connected) child.send(message, () => undefined);
}

function failure(publicMessage: string, cause: unknown): GatewayError {
  return new GatewayError('upstream_error', publicMessage, { cause });
}
