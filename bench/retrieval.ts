/**
 * How good search is, on a test collection with judged queries: nDCG@10 and recall@100 by words, by meaning and by
 * both, through the index and the fusion that the product uses, with the local embedding model.
 *
 * The weight of the semantic list is chosen on every other judged query (the best mean nDCG@10, ties to the weight
 * closest to 1) and reported on the queries between them, and the other way round: neither half has seen its own
 * weight being chosen.
 *
 * node bench/retrieval.ts --data <folder with CISI.ALL, CISI_dev.QRY and CISI_dev.REL>, with the addresses of running
 * engines and MODELS_DIR in the environment.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { IndexHit, Leg } from '../src/adapters/elasticsearch/search.ts';
import { createLocalVendor } from '../src/adapters/providers/local/index.ts';
import { loadConfig } from '../src/config.ts';
import { fuse, fusionWindow } from '../src/core/fusion.ts';
import { semanticWeight } from '../src/core/fusion-weights.ts';
import { openLibrary } from '../test/helpers/library.ts';

const { values } = parseArgs({ options: { data: { type: 'string' } } });
if (!values.data) throw new Error('Name the folder of the collection: --data <folder>');
const owner = 1;
const model = 'all-minilm-l6-v2';
const rankConstant = 60;
const weights = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 2, 2.5, 3, 4, 6, 8];

/** A query, the chunks that answer it, and what each list made of it. */
interface Judged {
  relevant: ReadonlySet<number>;
  lexical: readonly IndexHit[];
  semantic: readonly IndexHit[];
}

const config = loadConfig();
const name = `bench_${randomBytes(4).toString('hex')}`;
const library = await openLibrary({
  mongodbUrl: config.mongodb.url,
  database: name,
  elasticsearchUrl: config.elasticsearch.url,
  indexPrefix: name,
});
const { dir: modelsDir, threads, idleTimeoutMs } = config.models;
const local = createLocalVendor({ modelsDir, threads, idleTimeoutMs });
const embed: NonNullable<typeof local.embed> = (call) => {
  if (!local.embed) throw new Error('the local vendor embeds nothing');
  return local.embed({ ...call, target: { ...call.target, modelName: 'all-MiniLM-L6-v2' } });
};
library.vendors.words.embed = async (call) => {
  const { vectors, usage } = await embed(call);
  return { vectors: [...vectors], usage };
};

try {
  report(await judge());
} finally {
  await local.close();
  await library.close();
}

async function judge(): Promise<Judged[]> {
  const texts = readEntries('CISI.ALL');
  const ids = [...texts.keys()];
  const collectionId = await library.buildCollection(owner);
  // Chunk ids count from 0 in the order of posting.
  await library.buildDocument(owner, collectionId, [...texts.values()]);

  const queries = readEntries('CISI_dev.QRY');
  const judgements = Map.groupBy(
    read('CISI_dev.REL')
      .split('\n')
      .flatMap((line) => {
        const [query, document] = line.trim().split(/\s+/).map(Number);
        return query && document ? [{ query, document }] : [];
      }),
    (judgement) => judgement.query,
  );
  const judged: Judged[] = [];
  for (const [id, text] of queries) {
    const relevant = new Set((judgements.get(id) ?? []).map(({ document }) => ids.indexOf(document)));
    if (relevant.size > 0) judged.push({ relevant, ...(await listsFor(text, collectionId)) });
  }
  return judged;
}

async function listsFor(text: string, collectionId: number): Promise<Pick<Judged, 'lexical' | 'semantic'>> {
  const { signal } = new AbortController();
  const { vectors } = await embed({
    target: { modelName: model, url: null, namedBy: 'operator', key: null },
    texts: [text],
    dimensions: null,
    signal,
  });
  const vector = vectors[0] ?? new Float32Array();
  const space = { model: 'word-vectors', dimensions: vector.length };
  const shared = {
    scope: { collectionIds: [collectionId], documentIds: [], filter: null },
    window: fusionWindow(0, 100),
  };
  const legs: Leg[] = [
    { ...shared, kind: 'lexical', spaces: [space], text },
    { ...shared, kind: 'semantic', space, vector, minCosine: null },
  ];
  const [lexical = [], semantic = []] = await library.deps.chunkIndex.search(
    legs,
    { versions: [], chunks: [] },
    signal,
  );
  return { lexical, semantic };
}

function report(judged: readonly Judged[]): void {
  const even = judged.filter((_, index) => index % 2 === 0);
  const odd = judged.filter((_, index) => index % 2 === 1);
  const [fromEven, fromOdd] = [bestWeight(even), bestWeight(odd)];
  const shipped = semanticWeight(model);
  const rows = {
    lexical: figures(judged, ({ lexical }) => lexical.map((hit) => hit.chunkId)),
    semantic: figures(judged, ({ semantic }) => semantic.map((hit) => hit.chunkId)),
    'hybrid, equal weights': figures(judged, hybrid(1)),
    [`hybrid, shipped weight ${shipped}`]: figures(judged, hybrid(shipped)),
    [`odd half, weight ${fromEven} of the even half`]: figures(odd, hybrid(fromEven)),
    [`even half, weight ${fromOdd} of the odd half`]: figures(even, hybrid(fromOdd)),
  };
  console.table(rows);
  console.table(Object.fromEntries(weights.map((weight) => [`weight ${weight}`, figures(judged, hybrid(weight))])));
  console.log(JSON.stringify({ queries: judged.length, rows }));
}

function bestWeight(judged: readonly Judged[]): number {
  const scored = weights.map((weight) => ({ weight, score: mean(judged, (each) => nDcg(hybrid(weight)(each), each)) }));
  scored.sort((a, b) => b.score - a.score || Math.abs(Math.log(a.weight)) - Math.abs(Math.log(b.weight)));
  return scored[0]?.weight ?? 1;
}

function hybrid(weight: number): (judged: Judged) => number[] {
  return ({ lexical, semantic }) => {
    const lists = [
      { weight: 1, hits: lexical.map(toRanked) },
      { weight, hits: semantic.map(toRanked) },
    ];
    return fuse(lists, { rankConstant }).map((hit) => Number(hit.key));
  };
}

function toRanked({ chunkId, score }: IndexHit): { key: string; score: number } {
  return { key: String(chunkId), score };
}

function figures(judged: readonly Judged[], rank: (each: Judged) => readonly number[]) {
  return {
    'nDCG@10': rounded(mean(judged, (each) => nDcg(rank(each), each))),
    'recall@100': rounded(mean(judged, (each) => recall(rank(each), each))),
  };
}

function nDcg(ranked: readonly number[], { relevant }: Judged): number {
  const gain = (place: number) => 1 / Math.log2(place + 2);
  const reached = ranked.slice(0, 10).reduce((sum, id, place) => sum + (relevant.has(id) ? gain(place) : 0), 0);
  const best = Array.from({ length: Math.min(10, relevant.size) }, (_, place) => gain(place));
  return reached / best.reduce((sum, each) => sum + each, 0);
}

function recall(ranked: readonly number[], { relevant }: Judged): number {
  return ranked.slice(0, 100).filter((id) => relevant.has(id)).length / relevant.size;
}

function mean(judged: readonly Judged[], figure: (each: Judged) => number): number {
  return judged.reduce((sum, each) => sum + figure(each), 0) / judged.length;
}

function rounded(figure: number): number {
  return Math.round(figure * 1000) / 1000;
}

/** Number -> text of the entries of a file in SMART's format; only title and body count, if fields are marked. */
function readEntries(file: string): Map<number, string> {
  const entries = new Map<number, string>();
  for (const entry of read(file).split(/^\.I /m).slice(1)) {
    const [first = '', ...lines] = entry.split('\n');
    let counts = true;
    const kept = lines.filter((line) => {
      const mark = /^\.([A-Z])\s*$/.exec(line)?.[1];
      if (mark) counts = mark === 'T' || mark === 'W';
      return !mark && counts;
    });
    const text = kept.join('\n').trim();
    if (text !== '') entries.set(Number.parseInt(first, 10), text);
  }
  return entries;
}

function read(file: string): string {
  return readFileSync(join(values.data ?? '.', file), 'utf8');
}
