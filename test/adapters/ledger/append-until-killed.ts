/** Appends records to the ledger in the folder that it is given, and tells each one's id when it is appended. */
import { createLedger } from '../../../src/adapters/ledger/ledger.ts';
import { silentLog } from '../../helpers/log.ts';
import { buildRecord } from '../../helpers/usage.ts';

const [folder = '', pauseMs = '0'] = process.argv.slice(2);
const never = () => new Promise<void>(() => undefined);
const ledger = createLedger({ folder, maxBytes: 2 ** 30, writeIntervalMs: 5 }, never, silentLog);

function appendOne(): void {
  const record = buildRecord();
  ledger.append(record);
  process.stdout.write(`${record.id}\n`);
}

setInterval(appendOne, Number(pauseMs));
