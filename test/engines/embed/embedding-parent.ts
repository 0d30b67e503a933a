/** Stands for a gateway process: starts the local model, tells its process id, and has it work until it is killed. */
import { createLocalVendor } from '../../../src/adapters/providers/local/index.ts';
import { localTarget } from '../../helpers/models.ts';
import { childrenRunning } from '../../helpers/processes.ts';

const vendor = createLocalVendor({ modelsDir: process.argv[2] ?? '', threads: 1, idleTimeoutMs: 60_000 });
const call = { target: localTarget('all-MiniLM-L6-v2'), dimensions: null, signal: new AbortController().signal };
await vendor.embed?.({ ...call, texts: ['warm'] });
void vendor.embed?.({ ...call, texts: Array.from({ length: 2_000 }, (_, index) => `sentence ${index} `.repeat(60)) });
process.send?.(childrenRunning('encoder-process')[0]);
