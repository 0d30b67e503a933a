/** `npm run engines -- up|down|status|doctor|reset` */
import { examine, type Finding } from './doctor.ts';
import { deleteEngineData } from './launch/engine-data.ts';
import { openSession } from './launch/session.ts';
import type { EngineAddresses } from './launch/start-engines.ts';
import { LauncherError, runMain } from './launcher-error.ts';
import { isAlive } from './processes.ts';
import { createProgress } from './progress.ts';
import {
  busy,
  endRecorded,
  findRunning,
  readRecord,
  takeLauncherLock,
  tryLauncherLock,
  writeRecord,
} from './running.ts';
import { readSettings, type Settings } from './settings.ts';

const failedStartGraceMs = 8_000;
const progress = createProgress();

const print = (text: string) => process.stdout.write(`${text}\n`);

function printAddresses(addresses: EngineAddresses): void {
  print(`TEMPORAL_ADDRESS=${addresses.temporal}`);
  print(`MONGODB_URL=${addresses.mongodb}`);
  print(`ELASTICSEARCH_URL=${addresses.elasticsearch}`);
  if (addresses.temporalUi) print(`Temporal UI: ${addresses.temporalUi}`);
}

/** Ends with the engines running on their own; `down` ends them. */
async function up(settings: Settings): Promise<void> {
  const lock = tryLauncherLock(settings.dataDir, 'npm run engines -- up');
  const running = await findRunning(settings.dataDir);
  if (running) {
    if (lock.kind === 'held') lock.release();
    print('The engines are running already.');
    return printAddresses(running.addresses);
  }
  if (lock.kind === 'refused') throw busy(lock.holder);
  const session = openSession();
  try {
    // Loaded only here: it brings the clients of all engines, a second that the other commands need not wait.
    const { startEngines } = await import('./launch/start-engines.ts');
    await endRecorded(settings.dataDir);
    const engines = await startEngines(settings, { ports: 'fixed', session, progress });
    await writeRecord(settings.dataDir, engines);
    session.handOver();
    printAddresses(engines.addresses);
  } catch (error) {
    await session.endAll(failedStartGraceMs);
    throw error;
  } finally {
    lock.release();
  }
}

async function down(settings: Settings): Promise<void> {
  const lock = takeLauncherLock(settings.dataDir, 'npm run engines -- down');
  try {
    const ended = await progress.step('Ending the engines', () => endRecorded(settings.dataDir));
    print(ended.length === 0 ? 'No engines were running.' : `Ended: ${ended.map(({ title }) => title).join(', ')}`);
  } finally {
    lock.release();
  }
}

async function status(settings: Settings): Promise<void> {
  const record = await readRecord(settings.dataDir);
  for (const engine of record?.processes ?? []) {
    print(
      `${engine.title.padEnd(16)}${isAlive(engine) ? `running, process ${engine.pid}` : 'ended'}, log ${engine.logFile}`,
    );
  }
  if (await findRunning(settings.dataDir)) return printAddresses(record?.addresses as EngineAddresses);
  print('The engines are not running.');
  process.exitCode = 1;
}

async function reset(settings: Settings): Promise<void> {
  const lock = takeLauncherLock(settings.dataDir, 'npm run engines -- reset');
  try {
    await endRecorded(settings.dataDir);
    await deleteEngineData(settings.dataDir);
    print(`Deleted the data of Temporal, MongoDB and Elasticsearch in ${settings.dataDir}. Programs and models stay.`);
  } finally {
    lock.release();
  }
}

const marks: Record<Finding['verdict'], string> = { ok: '✓', warning: '!', missing: '✗' };

async function doctor(settings: Settings): Promise<void> {
  const findings = await examine(settings);
  for (const { verdict, subject, detail, remedy } of findings) {
    print(`${marks[verdict]} ${subject}: ${detail}`);
    if (remedy) print(`    ${remedy}`);
  }
  if (findings.some(({ verdict }) => verdict === 'missing')) process.exitCode = 1;
}

const commands: Record<string, (settings: Settings) => Promise<void>> = { up, down, status, doctor, reset };

await runMain(async () => {
  const name = process.argv[2] ?? '';
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    throw new LauncherError(
      `Unknown command ${JSON.stringify(name)}.`,
      `There are: ${Object.keys(commands).join(', ')}, as in "npm run engines -- up".`,
    );
  }
  // Loaded only here: an unknown command need not wait for the schema of the configuration.
  const { withConfigured } = await import('./configured.ts');
  await command(readSettings(withConfigured(process.env)));
});
