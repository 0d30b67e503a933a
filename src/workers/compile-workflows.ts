/** `node compile-workflows.ts <file>`: writes the bundle of all workflows, as a process of its own. */
import { rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

const entry = new URL('../workflows/index.ts', import.meta.url);
const quiet = { log() {}, trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error };

const [, , path = ''] = process.argv;
const { code } = await bundleWorkflowCode({ workflowsPath: fileURLToPath(entry), logger: quiet });
// Two workers may start at once; each writes its own file and the rename is atomic.
const partial = `${path}.${process.pid}`;
await writeFile(partial, code);
await rename(partial, path);
