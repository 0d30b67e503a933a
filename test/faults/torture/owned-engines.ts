/** MongoDB and Temporal of the run's own, on ports that stay, so that they can die under load and come back. */
import { join } from 'node:path';
import { acquire } from '../../../engines/acquire/acquire.ts';
import { type DaemonSpec, startDaemon } from '../../../engines/launch/daemon.ts';
import { describeMongodb, ensureReplicaSet } from '../../../engines/launch/mongodb.ts';
import type { Session } from '../../../engines/launch/session.ts';
import { describeTemporal } from '../../../engines/launch/temporal.ts';
import { findFreePorts } from '../../../engines/ports.ts';
import { killGroup, type ProcessIdentity } from '../../../engines/processes.ts';
import { createProgress } from '../../../engines/progress.ts';
import { readSettings } from '../../../engines/settings.ts';

export interface OwnedEngine {
  name: 'mongodb' | 'temporal';
  port: number;
  /** Resolves when it answers again. Only one start at a time. */
  start(): Promise<void>;
  /** SIGKILL. Does nothing while it is down. */
  kill(): Promise<void>;
  isRunning(): boolean;
}

const killTimeoutMs = 10_000;

/** Neither is started yet. Everything they write goes to `directory`. */
export async function openEngines(
  directory: string,
  session: Session,
): Promise<Record<OwnedEngine['name'], OwnedEngine>> {
  // The addresses of shared engines are of no use here: those must not die.
  const settings = { ...readSettings(), addresses: {} };
  const progress = createProgress();
  const [mongod, temporal, [mongodbPort = 0, temporalPort = 0]] = await Promise.all([
    acquire('mongodb', settings, progress),
    acquire('temporal', settings, progress),
    findFreePorts(2),
  ]);
  const place = (name: string, start: number) => ({
    directory: join(directory, name),
    logFile: join(directory, 'logs', `${name}-${start}.log`),
  });
  return {
    mongodb: createEngine('mongodb', mongodbPort, session, {
      describe: (start) => describeMongodb({ program: mongod.path, port: mongodbPort, ...place('mongodb', start) }),
      afterStart: () => ensureReplicaSet(mongodbPort),
    }),
    temporal: createEngine('temporal', temporalPort, session, {
      describe: (start) =>
        describeTemporal({
          program: temporal.path,
          port: temporalPort,
          persistent: true,
          ...place('temporal', start),
        }),
    }),
  };
}

interface Launch {
  describe(start: number): Promise<DaemonSpec>;
  afterStart?(): Promise<void>;
}

function createEngine(name: OwnedEngine['name'], port: number, session: Session, launch: Launch): OwnedEngine {
  let running: ProcessIdentity | null = null;
  let starts = 0;
  return {
    name,
    port,
    async start() {
      starts += 1;
      running = await startDaemon(await launch.describe(starts), session);
      await launch.afterStart?.();
    },
    async kill() {
      const victim = running;
      running = null;
      if (victim) await killGroup(victim, killTimeoutMs);
    },
    isRunning: () => running !== null,
  };
}
