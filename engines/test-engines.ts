/** Engines for one test run: on free ports, with data that is thrown away. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { acquire } from './acquire/acquire.ts';
import { deleteEngineData } from './launch/engine-data.ts';
import { openSession } from './launch/session.ts';
import { startEngines } from './launch/start-engines.ts';
import { ensureModel } from './models/ensure-model.ts';
import { miniLm } from './models/locked-models.ts';
import { identify } from './processes.ts';
import type { Progress } from './progress.ts';
import type { Settings } from './settings.ts';

export interface TestRun {
  /** What tests find in their environment. */
  environment: Record<string, string>;
  /** Ends the engines and deletes their data. */
  end(): Promise<void>;
}

const graceMs = 5_000;
const folderPattern = /^test-(\d+)$/;

async function deleteFolder(directory: string): Promise<void> {
  await deleteEngineData(directory);
  await rm(directory, { recursive: true, force: true });
}

/** A run that was killed could not clean up after itself. */
async function deleteAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const pid = Number(folderPattern.exec(name)?.[1]);
    if (pid && !identify(pid)) await deleteFolder(join(parent, name));
  }
}

export async function startTestEngines(settings: Settings, progress: Progress): Promise<TestRun> {
  await deleteAbandoned(settings.dataDir);
  const dataDir = join(settings.dataDir, `test-${process.pid}`);
  const session = openSession();
  const end = async () => {
    await session.endAll(graceMs);
    await deleteFolder(dataDir);
  };
  try {
    const testSettings: Settings = { ...settings, dataDir, elasticsearchCompiler: 'quick' };
    const engines = startEngines(testSettings, { ports: 'free', session, progress });
    const testServer = acquire('temporalTestServer', settings, progress);
    const model = ensureModel(miniLm, settings, progress);
    // All come to their end before one failure is thrown, so that nothing is started behind our back.
    await Promise.allSettled([engines, testServer, model]);
    await model;
    const { addresses } = await engines;
    return {
      environment: {
        TEMPORAL_ADDRESS: addresses.temporal,
        MONGODB_URL: addresses.mongodb,
        ELASTICSEARCH_URL: addresses.elasticsearch,
        MODELS_DIR: settings.modelsDir,
        TEMPORAL_TEST_SERVER: (await testServer).path,
      },
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}
