import { createProgress } from '../../engines/progress.ts';
import { type Stack, startStack } from '../../engines/stack.ts';
import { type Client, createClient } from '../../examples/demo/client.ts';
import { useEngines } from './engines.ts';

export interface RunningStack {
  stack: Stack;
  /** A caller with a key of a new user. */
  signUp(): Promise<Client & { key: string }>;
  /** Lines of the workers' and the API's logs that are JSON. */
  lines: Record<string, unknown>[];
}

/** Real processes on the engines of the test run, with names of this file's own: for killing. */
export async function openStack(
  name: string,
  workers: number,
  environment: Record<string, string> = {},
): Promise<RunningStack> {
  const engines = useEngines();
  const lines: Record<string, unknown>[] = [];
  const stack = await startStack({
    name: `faults-${name}-${process.pid}`,
    workers,
    progress: createProgress(),
    environment: {
      MONGODB_DATABASE: engines.database,
      TEMPORAL_QUEUE_PREFIX: engines.queuePrefix,
      ELASTICSEARCH_INDEX_PREFIX: engines.indexPrefix,
      LOG_LEVEL: 'debug',
      // Upstreams and receivers of the tests are on this machine.
      OUTBOUND_ALLOWED_CIDRS: '127.0.0.0/8',
      ...environment,
    },
    onLine: (line) => {
      if (line.startsWith('{')) lines.push(JSON.parse(line));
    },
  });
  const admin = createClient(stack.url, stack.masterKey);
  return {
    stack,
    lines,
    async signUp() {
      const { id } = await admin.createUser(`${crypto.randomUUID()}@example.com`, 'a long password');
      const { token } = await admin.createKeyFor(id);
      return { ...createClient(stack.url, token), key: token };
    },
  };
}

/** Random numbers from 0 to 1 that a seed repeats; a failing run prints its seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function chooseSeed(): number {
  return Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
}

/** Resolves when `condition` holds; rejects with `what` when it does not in time. */
export async function until(what: string, timeoutMs: number, condition: () => Promise<boolean>): Promise<void> {
  const givesUpAt = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > givesUpAt) throw new Error(`not within ${timeoutMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
