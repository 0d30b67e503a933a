/** Runs in place of the parser child and tries what a parser must not be able to do; prints what came of it. */
import { execFileSync } from 'node:child_process';
import { promises as dns, lookup } from 'node:dns';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';

const [port = '0', readable = '', unreadable = ''] = process.argv.slice(2);

async function attempt(action: () => unknown): Promise<string> {
  try {
    return `did: ${String(await action())}`;
  } catch (error) {
    return error instanceof Error ? `refused: ${error.message || error.name}` : 'refused';
  }
}

const inWorker = `
  const { parentPort } = require('node:worker_threads');
  try { require('node:net').connect(${port}, '127.0.0.1').once('connect', () => parentPort.postMessage('did'));
    setTimeout(() => parentPort.postMessage('silent'), 1000);
  } catch (error) { parentPort.postMessage('refused: ' + error.message); }`;

const results = {
  net: await attempt(
    () =>
      new Promise((resolve, reject) =>
        connect(Number(port), '127.0.0.1').once('connect', resolve).once('error', reject),
      ),
  ),
  fetch: await attempt(async () => (await fetch(`http://127.0.0.1:${port}/`)).status),
  lookup: await attempt(() => new Promise((resolve) => lookup('localhost', resolve))),
  resolve: await attempt(() => dns.resolve('localhost')),
  worker: await attempt(() => new Promise((resolve) => new Worker(inWorker, { eval: true }).once('message', resolve))),
  child: await attempt(() => execFileSync('/bin/true')),
  write: await attempt(() => writeFileSync(`${readable}.new`, 'x')),
  read: await attempt(() => readFileSync(readable, 'utf8')),
  readElsewhere: await attempt(() => readFileSync(unreadable, 'utf8')),
  environment: Object.keys(process.env).filter(
    (name) => name !== 'NODE_CHANNEL_FD' && name !== '__CF_USER_TEXT_ENCODING',
  ),
};
process.stdout.write(JSON.stringify(results));
