/** The model process. Started by `encoder-host.ts`; ends with its parent. */
import type { FromEncoder, ToEncoder } from './messages.ts';
import { loadSentenceEncoder } from './sentence-encoder.ts';
import { createWorkQueue } from './work-queue.ts';

/** More texts at once make no text faster; they only cost memory. */
const batchSize = 8;

const [folder = '', maxTokens, threads] = process.argv.slice(2);
const encoder = loadSentenceEncoder({ folder, maxTokens: Number(maxTokens), threads: Number(threads) });
const queue = encoder.then((loaded) => createWorkQueue(loaded, batchSize, reply));

process.on('message', async (message: ToEncoder) => (await queue)(message));
process.on('disconnect', () => process.exit());

function reply(message: FromEncoder): void {
  process.send?.(message);
}
