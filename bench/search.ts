/**
 * What a hybrid search costs on top of the index's own work: the verb, with rights, fusion, the check of versions and
 * the reading of texts, against the bare `_msearch` it sends, one after the other.
 *
 * node bench/search.ts [--chunks 11000] [--queries 200], with the addresses of running engines in the environment.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { loadConfig } from '../src/config.ts';
import { buildSearch, openLibrary } from '../test/helpers/library.ts';

const { values } = parseArgs({
  options: { chunks: { type: 'string', default: '11000' }, queries: { type: 'string', default: '200' } },
});
const chunkCount = Number(values.chunks);
const queryCount = Number(values.queries);
const owner = 1;
const collectionCount = 4;
const chunksPerDocument = 50;

const config = loadConfig();
const name = `bench_${randomBytes(4).toString('hex')}`;
const library = await openLibrary({
  mongodbUrl: config.mongodb.url,
  database: name,
  elasticsearchUrl: config.elasticsearch.url,
  indexPrefix: name,
});
library.vendors.words.dimensions = 384;

try {
  await fill();
  const sent = captureSearches();
  const warmUp = 30;
  const verb: number[] = [];
  const raw: number[] = [];
  for (let index = 0; index < warmUp + queryCount; index += 1) {
    const request = buildSearch({ query: words(6, index * 7919), method: 'hybrid' });
    // The query's vector comes from the cache: embedding is not what is measured.
    await library.deps.embeddingCache.get([]);
    await library.verbs.search({ ...request, limit: 1 }, library.as(owner));
    const throughVerb = await timed(() => library.verbs.search(request, library.as(owner)));
    const bare = await timed(() => library.client.transport.request(sent.last()));
    if (index < warmUp) continue;
    verb.push(throughVerb);
    raw.push(bare);
  }
  report(verb, raw);
} finally {
  await library.close();
}

async function fill(): Promise<void> {
  for (let collection = 0; collection < collectionCount; collection += 1) {
    const collectionId = await library.buildCollection(owner);
    const share = Math.floor(chunkCount / collectionCount);
    for (let from = 0; from < share; from += chunksPerDocument) {
      const length = Math.min(chunksPerDocument, share - from);
      const texts = Array.from({ length }, (_, index) => words(120, collection * share + from + index));
      await library.buildDocument(owner, collectionId, texts);
    }
  }
}

/** Words as in a language: few are common, most are rare. The same seed gives the same text. */
function words(count: number, seed: number): string {
  let state = (seed + 1) * 2654435761;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 374761393) >>> 0;
    return `w${Math.floor((state / 2 ** 32) ** 3 * 20_000)}`;
  }).join(' ');
}

function captureSearches() {
  let last = { method: 'GET', path: '/' } as { method: string; path: string; querystring?: string; bulkBody?: string };
  library.client.diagnostic.on('request', (_error, event) => {
    const params = event?.meta.request.params;
    if (!params?.path?.endsWith('/_msearch') || typeof params.body !== 'string') return;
    const querystring = String(params.querystring ?? '');
    last = { method: 'POST', path: params.path, querystring, bulkBody: params.body };
  });
  return { last: () => last };
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await action();
  return performance.now() - startedAt;
}

function report(verb: readonly number[], raw: readonly number[]): void {
  const rows = { 'search verb': verb, 'bare _msearch': raw };
  const figures = Object.fromEntries(
    Object.entries(rows).map(([row, times]) => [
      row,
      { p50: quantile(times, 0.5), p90: quantile(times, 0.9), p99: quantile(times, 0.99) },
    ]),
  );
  console.table(figures);
  const ratio = Math.round((quantile(verb, 0.5) / quantile(raw, 0.5)) * 100) / 100;
  console.log(JSON.stringify({ chunks: chunkCount, queries: queryCount, milliseconds: figures, ratio }));
}

function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return Math.round((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) * 10) / 10;
}
