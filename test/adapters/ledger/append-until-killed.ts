/** Appends records to the ledger in the folder that it is given, and tells each one's id when it is appended. */
import { createLedger } from '../../../src/adapters/ledger/ledger.ts';
import { buildRecord } from '../../helpers/usage.ts';

const ignore = () => undefined;
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const [folder = '', pauseMs = '0'] = process.argv.slice(2);
const never = () => new Promise<void>(ignore);
const ledger = createLedger({ folder, maxBytes: 2 ** 30, writeIntervalMs: 5 }, never, log);

function appendOne(): void {
  const record = buildRecord();
  ledger.append(record);
  process.stdout.write(`${record.id}\n`);
}

setInterval(appendOne, Number(pauseMs));
