/**
 * `npm run bench -- ingest [--file PDF]`: pages per second of a durable ingestion, from `POST /v1/documents` to the
 * job's end, against the same work by hand: parse, then embed, then bulk, one after the other in this process.
 */
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createProgress } from '../engines/progress.ts';
import { type Stack, startStack } from '../engines/stack.ts';
import { type Client, createClient } from '../examples/demo/client.ts';
import { createChunkIndex } from '../src/adapters/elasticsearch/chunk-index.ts';
import { connectElasticsearch } from '../src/adapters/elasticsearch/client.ts';
import { createDocumentParser, defaultDocumentParserSettings } from '../src/adapters/parsing/host.ts';
import { createLocalVendor } from '../src/adapters/providers/local/index.ts';
import { expressionMatcher, literalMatcher } from '../src/core/splitter/matcher.ts';
import { presets } from '../src/core/splitter/presets.ts';
import { splitText } from '../src/core/splitter/split.ts';
import { median, report } from './report.ts';

const rounds = 3;
const batchSize = 32;
const chunkSize = 900;
const chunkOverlap = 100;
const never = new AbortController().signal;
const annualReport = join(import.meta.dirname, '../examples/documents/annual-report.pdf');

const { values } = parseArgs({ options: { file: { type: 'string', default: annualReport } } });
const file = resolve(values.file);
const modelsDir = process.env['MODELS_DIR'] ?? join(import.meta.dirname, '../.data/models');

const stack = await startStack({ name: 'bench-ingest', workers: 1, progress: createProgress() });
try {
  const hand = createByHand(stack);
  const byHand: Phases[] = [];
  const ours: number[] = [];
  // The first round of each warms what is loaded lazily: the model, the parsers, the index.
  for (let round = 0; round <= rounds; round += 1) {
    const phases = await hand.ingest(round);
    const seconds = await ingest(await signUp(stack, round));
    if (round > 0) {
      byHand.push(phases);
      ours.push(seconds);
    }
  }
  await hand.close();
  const pages = byHand[0]?.pages ?? 0;
  const sum = median(byHand.map(({ parse, embed, bulk }) => parse + embed + bulk));
  const total = median(ours);
  await report('ingest', [
    { what: 'by hand: parse', value: median(byHand.map(({ parse }) => parse)), unit: 's' },
    { what: 'by hand: embed', value: median(byHand.map(({ embed }) => embed)), unit: 's' },
    { what: 'by hand: bulk', value: median(byHand.map(({ bulk }) => bulk)), unit: 's' },
    { what: 'by hand: pages', value: pages / sum, unit: '/s' },
    { what: 'ingestion job: pages', value: pages / total, unit: '/s', ratio: sum / total, goal: '>= 0.8' },
  ]);
} finally {
  await stack.stop();
}

interface Phases {
  pages: number;
  /** Seconds. */
  parse: number;
  embed: number;
  bulk: number;
}

/** A user of their own each time: nobody's cached vectors help. */
async function signUp({ url, masterKey }: Stack, round: number): Promise<Client> {
  const admin = createClient(url, masterKey);
  const { id } = await admin.createUser(`bench-${round}@example.com`, 'a long password');
  return createClient(url, (await admin.createKeyFor(id)).token);
}

async function ingest(client: Client): Promise<number> {
  const { id: collection } = await client.createCollection('bench');
  const startedAt = performance.now();
  const { id } = await client.submitDocument(collection, file, crypto.randomUUID());
  for (;;) {
    const job = await client.getJob(id);
    if (job.status === 'completed') return (performance.now() - startedAt) / 1000;
    if (job.error) throw new Error(job.error.message);
    await delay(20);
  }
}

function createByHand({ addresses }: Stack) {
  const parser = createDocumentParser({ ...defaultDocumentParserSettings, readableFolders: [dirname(file)] });
  const vendor = createLocalVendor({ modelsDir, threads: 2, idleTimeoutMs: 60_000 });
  const index = createChunkIndex(connectElasticsearch({ url: addresses.elasticsearch }), {
    indexPrefix: 'by-hand',
    searchTimeoutMs: 10_000,
  });
  const separators = presets.markdown.map((separator) =>
    typeof separator === 'string' ? literalMatcher(separator) : expressionMatcher(separator),
  );

  return {
    async ingest(round: number): Promise<Phases> {
      const parseStart = performance.now();
      const inspection = await parser.inspect(file, { name: basename(file), mediaType: null }, never);
      const blocks: string[] = [];
      const range = { from: 1, to: inspection.parts };
      const options = { forceOcr: false, languages: ['eng'] };
      for await (const part of parser.extract(file, inspection, range, options, never)) {
        blocks.push(...part.blocks.map(({ markdown }) => markdown));
      }
      const text = blocks.join('\n\n');
      const spans = splitText(text, { chunkSize, chunkOverlap, chunkMinSize: 0, separators });
      const chunks = spans.map(({ start, end }) => text.slice(start, end));

      const embedStart = performance.now();
      const vectors: Float32Array[] = [];
      for (let start = 0; start < chunks.length; start += batchSize) {
        const texts = chunks.slice(start, start + batchSize);
        const target = { modelName: 'all-MiniLM-L6-v2', url: null, namedBy: 'operator', key: null } as const;
        const call = { target, texts, dimensions: null, signal: never };
        vectors.push(...((await vendor.embed?.(call))?.vectors ?? []));
      }

      const bulkStart = performance.now();
      const space = { model: 'by-hand', dimensions: vectors[0]?.length ?? 0 };
      const indexed = chunks.map((content, chunkId) => ({
        collectionId: 1,
        documentId: round,
        version: 1,
        chunkId,
        content,
        metadata: null,
        vector: vectors[chunkId] ?? new Float32Array(),
      }));
      await index.write(space, indexed, never);
      await index.refresh(space, never);
      const end = performance.now();
      return {
        pages: inspection.parts,
        parse: (embedStart - parseStart) / 1000,
        embed: (bulkStart - embedStart) / 1000,
        bulk: (end - bulkStart) / 1000,
      };
    },
    async close(): Promise<void> {
      await parser.close();
      await vendor.close();
      await index.close();
    },
  };
}
