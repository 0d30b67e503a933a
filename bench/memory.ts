/**
 * `npm run bench -- memory`: peak memory of API and worker while a PDF of 1,000 pages and a text of 100 MB go through,
 * read from the kernel's high-water mark of each process.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProductProcess } from '../engines/product.ts';
import { createProgress } from '../engines/progress.ts';
import { startStack } from '../engines/stack.ts';
import { type Client, createClient } from '../examples/demo/client.ts';
import { PdfBuilder } from './memory/pdf.ts';
import { type Figure, report } from './report.ts';

const pages = 1_000;
const textBytes = 100 * 1_000_000;
/** So many different paragraphs that no cache of the process hides the text, so few that the model is not the bench. */
const paragraphs = 64;

const stack = await startStack({ name: 'bench-memory', workers: 1, progress: createProgress() });
const folder = join(stack.dataDir, 'files');
const figures: Figure[] = [];
try {
  await mkdir(folder, { recursive: true });
  const admin = createClient(stack.url, stack.masterKey);
  const { id } = await admin.createUser('bench@example.com', 'a long password');
  const client = createClient(stack.url, (await admin.createKeyFor(id)).token);
  await ingest(client, 'PDF of 1,000 pages', await writePdf());
  await ingest(client, 'text of 100 MB', await writeText());
  const [worker] = stack.workers;
  if (!worker) throw new Error('there is no worker');
  figures.push({ what: 'API, peak', value: await peakMiB(stack.api), unit: 'MiB', goal: '<= 300' });
  figures.push({ what: 'worker, peak', value: await peakMiB(worker), unit: 'MiB', goal: '<= 1024' });
  await report('memory', figures);
} finally {
  await rm(folder, { recursive: true, force: true });
  await stack.stop();
}

async function ingest(client: Client, what: string, path: string): Promise<void> {
  const { id: collection } = await client.createCollection(what);
  const startedAt = performance.now();
  const { id } = await client.submitDocument(collection, path, crypto.randomUUID());
  for (;;) {
    const job = await client.getJob(id);
    if (job.status === 'completed') break;
    if (job.error) throw new Error(`${what}: ${job.error.message}`);
    await delay(500);
  }
  figures.push({ what, value: (performance.now() - startedAt) / 1000, unit: 's' });
}

/** The most memory a process has ever had resident. */
async function peakMiB({ child }: ProductProcess): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

async function writePdf(): Promise<string> {
  const path = join(folder, 'pages.pdf');
  const pdf = new PdfBuilder();
  for (let page = 1; page <= pages; page += 1) {
    pdf.addPage([`Chapter ${page}`, ...Array.from({ length: 12 }, (_, line) => sentence(line % paragraphs, 12))]);
  }
  await writeFile(path, pdf.bytes());
  return path;
}

async function writeText(): Promise<string> {
  const path = join(folder, 'text.txt');
  function* content(): Iterable<string> {
    for (let written = 0, index = 0; written < textBytes; index += 1) {
      const paragraph = `${sentence(index % paragraphs, 110)}\n\n`;
      written += paragraph.length;
      yield paragraph;
    }
  }
  await pipeline(Readable.from(content()), createWriteStream(path));
  return path;
}

function sentence(seed: number, words: number): string {
  return Array.from({ length: words }, (_, index) => `word${(seed * 7_919 + index * 31) % 5_000}`).join(' ');
}
