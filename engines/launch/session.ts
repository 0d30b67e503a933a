/** What one launcher has running: it is all ended together, by the launcher or, when that dies, by its guard. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { endGroup, type ProcessIdentity } from '../processes.ts';
import type { GuardMessage } from './guard.ts';

export interface Session {
  /** From now on this process group ends with the session. It must lead its group. */
  watch(identity: ProcessIdentity): void;
  /** Ends every watched group, each with SIGTERM and after `graceMs` with SIGKILL. */
  endAll(graceMs: number): Promise<void>;
  /** Lets everything live on after the launcher has ended. */
  handOver(): void;
}

export function openSession(): Session {
  const guard = spawn(process.execPath, [join(import.meta.dirname, 'guard.ts')], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // The guard must not keep its launcher alive, and its end must not take the launcher down.
  guard.unref();
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  const watched: ProcessIdentity[] = [];
  const tell = (message: GuardMessage) => guard.stdin.write(`${JSON.stringify(message)}\n`);
  return {
    watch(identity) {
      watched.push(identity);
      tell({ watch: identity });
    },
    async endAll(graceMs) {
      await Promise.all(watched.map((identity) => endGroup(identity, graceMs)));
      guard.stdin.end();
    },
    handOver() {
      tell({ dismiss: true });
      guard.stdin.end();
    },
  };
}
