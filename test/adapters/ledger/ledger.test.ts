import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, { appendFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it, type TestContext } from 'node:test';
import { createLedger, type LedgerSettings, type Sink } from '../../../src/adapters/ledger/ledger.ts';
import type { UsageRecord } from '../../../src/core/billing/usage-record.ts';
import { isUnavailable } from '../../../src/core/errors.ts';
import { silentLog } from '../../helpers/log.ts';
import { temporaryDirectories } from '../../helpers/temporary-directory.ts';
import { buildRecord } from '../../helpers/usage.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const folderFor = temporaryDirectories('switchyard-ledger');

/** A ledger of its own folder, whose sink is a list that the test can take away. */
function openLedger(t: TestContext, settings: Partial<LedgerSettings> = {}) {
  const folder = settings.folder ?? folderFor();
  const written: UsageRecord[] = [];
  const errors: object[] = [];
  const store = { isAway: false };
  const sink: Sink = async (records) => {
    assert.ok(records.length > 0, 'nothing to write');
    if (store.isAway) throw new Error('the store is away');
    written.push(...records);
  };
  const log = { ...silentLog, error: (fields: object) => void errors.push(fields) };
  const ledger = createLedger({ folder, maxBytes: 2 ** 20, writeIntervalMs: 5, ...settings }, sink, log);
  t.after(() => ledger.close());
  return { ledger, folder, written, store, errors, ids: () => written.map(({ id }) => id) };
}

/** A process that has appended some records, told their ids and been killed. */
async function appendAndDie(folder: string, count: number): Promise<string[]> {
  const script = join(import.meta.dirname, 'append-until-killed.ts');
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ids: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    ids.push(line);
    if (ids.length === count) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return ids;
}

describe('the ledger', () => {
  it('brings what is appended to the store by itself, once and in order', async (t) => {
    const { ledger, ids } = openLedger(t);
    const records = [buildRecord(), buildRecord(), buildRecord()];
    for (const record of records) ledger.append(record);
    await waitFor('the records in the store', () => ids().length === 3);
    assert.deepEqual(
      ids(),
      records.map(({ id }) => id),
    );
  });

  it('keeps every field of a record', async (t) => {
    const { ledger, written } = openLedger(t);
    const record = buildRecord({ provider: null, keyId: null, ttftMs: null });
    ledger.append(record);
    await ledger.flush();
    assert.deepEqual(written, [record]);
  });

  it('keeps every field of a record that waited on the disk', async (t) => {
    const { ledger, store, written } = openLedger(t);
    const record = buildRecord({ provider: null, keyId: null, ttftMs: null });
    store.isAway = true;
    ledger.append(record);
    await assert.rejects(ledger.flush(), /could not be written/);
    store.isAway = false;
    await ledger.flush();
    assert.deepEqual(written, [record]);
  });

  for (const count of [1_000, 1_001]) {
    it(`writes ${count} records that came at once, each of them once and in order`, async (t) => {
      const { ledger, ids } = openLedger(t);
      const records = Array.from({ length: count }, () => buildRecord());
      for (const record of records) ledger.append(record);
      await ledger.flush();
      assert.deepEqual(
        ids(),
        records.map(({ id }) => id),
      );
    });
  }

  it('leaves no file behind when everything is written', async (t) => {
    const { ledger, folder } = openLedger(t);
    ledger.append(buildRecord());
    await ledger.flush();
    assert.deepEqual(readdirSync(folder), []);
  });

  it('keeps records while the store is away, and tries again', async (t) => {
    const { ledger, store, ids } = openLedger(t);
    store.isAway = true;
    const first = buildRecord();
    ledger.append(first);
    await assert.rejects(ledger.flush(), /could not be written/);
    const second = buildRecord();
    ledger.append(second);
    store.isAway = false;
    await waitFor('both records in the store', () => ids().length === 2);
    assert.deepEqual(ids(), [first.id, second.id]);
  });

  it('refuses further calls at its bound and takes them below it', async (t) => {
    const line = JSON.stringify(buildRecord()).length + 1;
    const { ledger, store } = openLedger(t, { maxBytes: 2 * line });
    store.isAway = true;
    ledger.append(buildRecord());
    ledger.assertAccepting();
    ledger.append(buildRecord());
    assert.throws(() => ledger.assertAccepting(), isUnavailable);
    store.isAway = false;
    await ledger.flush();
    ledger.assertAccepting();
  });

  it('records a call that was made already, also beyond the bound', async (t) => {
    const { ledger, ids } = openLedger(t, { maxBytes: 1 });
    ledger.append(buildRecord());
    ledger.append(buildRecord());
    await ledger.flush();
    assert.equal(ids().length, 2);
  });

  it('holds in memory what the disk does not take, and refuses further calls meanwhile', async (t) => {
    const { ledger, store, ids } = openLedger(t);
    store.isAway = true;
    const impossible = { ...buildRecord(), toJSON: () => assert.fail('the disk is full') };
    ledger.append(impossible);
    assert.throws(() => ledger.assertAccepting(), isUnavailable);
    store.isAway = false;
    await ledger.flush();
    assert.deepEqual(ids(), [impossible.id]);
    ledger.assertAccepting();
  });

  it('writes what the disk did not take as it was to be written', async (t) => {
    const { ledger, ids } = openLedger(t, { writeIntervalMs: 60_000 });
    const record = buildRecord();
    const full = t.mock.method(fs, 'writeSync', () => assert.fail('the disk is full'));
    syncBuiltinESMExports();
    ledger.append(record);
    full.mock.restore();
    syncBuiltinESMExports();
    await ledger.flush();
    assert.deepEqual(ids(), [record.id]);
  });

  it('leaves to the next process what it cannot write before it closes', async (t) => {
    const { ledger, store, folder } = openLedger(t);
    store.isAway = true;
    ledger.append(buildRecord());
    await ledger.close();
    assert.equal(readdirSync(folder).length, 1);
  });
});

describe('the ledger of a process that was killed', () => {
  it('is taken over with every record that was appended', async (t) => {
    const folder = folderFor();
    const told = await appendAndDie(folder, 50);
    const { ids } = openLedger(t, { folder });
    await waitFor('the records in the store', () => ids().length >= told.length);
    assert.deepEqual(ids().slice(0, told.length), told);
    await waitFor('an empty folder', () => readdirSync(folder).length === 0);
  });

  it('is taken over by one of two that start at once', async (t) => {
    const folder = folderFor();
    const told = new Set(await appendAndDie(folder, 20));
    const both = [openLedger(t, { folder }), openLedger(t, { folder })];
    await waitFor('an empty folder', () => readdirSync(folder).length === 0);
    const ids = both.flatMap((one) => one.ids());
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(
      [...told].filter((id) => !ids.includes(id)),
      [],
    );
  });

  it('is read to its end where the last record was torn', async (t) => {
    const folder = folderFor();
    const told = await appendAndDie(folder, 5);
    const [name = ''] = readdirSync(folder);
    appendFileSync(join(folder, name), JSON.stringify(buildRecord()).slice(0, 100));
    const { ids, errors } = openLedger(t, { folder });
    await waitFor('an empty folder', () => readdirSync(folder).length === 0);
    assert.deepEqual(ids().slice(0, told.length), told);
    assert.equal(errors.length, 1);
  });

  it('is left alone while its process runs', (t) => {
    const folder = folderFor();
    const running = openLedger(t, { folder, writeIntervalMs: 60_000 });
    running.ledger.append(buildRecord());
    const before = readdirSync(folder);
    openLedger(t, { folder });
    assert.deepEqual(readdirSync(folder), before);
  });

  it('is taken over although another process has its id by now', async (t) => {
    const folder = folderFor();
    const name = `${encodeURIComponent(hostname())}~${process.pid}~12~0.jsonl`;
    const record = buildRecord();
    writeFileSync(join(folder, name), `${JSON.stringify(record)}\n`);
    const { ids } = openLedger(t, { folder });
    await waitFor('the record in the store', () => ids().length === 1);
    assert.deepEqual(ids(), [record.id]);
  });

  it('is left alone while a process on another host may still write to it', (t) => {
    const folder = folderFor();
    writeFileSync(join(folder, 'elsewhere~1~12~0.jsonl'), `${JSON.stringify(buildRecord())}\n`);
    openLedger(t, { folder });
    assert.deepEqual(readdirSync(folder), ['elsewhere~1~12~0.jsonl']);
  });

  it('is taken over from another host when nobody has touched it for long', async (t) => {
    const folder = folderFor();
    const path = join(folder, 'elsewhere~1~12~0.jsonl');
    const record = buildRecord();
    writeFileSync(path, `${JSON.stringify(record)}\n`);
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(path, longAgo, longAgo);
    const { ids } = openLedger(t, { folder });
    await waitFor('the record in the store', () => ids().length === 1);
    assert.deepEqual(ids(), [record.id]);
  });
});
