/**
 * The guard: a process of its own that outlives its launcher by a moment. It is told on standard input which process
 * groups to watch; when that input ends because the launcher is gone, even by SIGKILL, it ends them and exits.
 */
import { createInterface } from 'node:readline';
import { endGroup, type ProcessIdentity } from '../processes.ts';

/** One line of the guard's input, as JSON. `dismiss` lets everything live. */
export type GuardMessage = { watch: ProcessIdentity } | { dismiss: true };

const graceMs = 8_000;

if (import.meta.main) {
  // A Ctrl-C or a closed terminal is for the launcher, which ends what it started by itself.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  const watched: ProcessIdentity[] = [];
  for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line) as GuardMessage;
    if ('dismiss' in message) process.exit(0);
    watched.push(message.watch);
  }
  await Promise.all(watched.map((identity) => endGroup(identity, graceMs)));
}
