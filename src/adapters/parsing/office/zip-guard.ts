import type { Readable } from 'node:stream';
import type { Entry } from 'yauzl';
import { GatewayError } from '../../../core/errors.ts';
import type { ParsingLimits } from '../limits.ts';
import { refuseDamaged, refuseEncrypted, withArchive } from './archive.ts';

/** Below this size a high ratio is an empty form, not a bomb. */
const harmlessBytes = 1024 * 1024;
/** Where office programs keep what was pasted from each other. It is counted, and never opened. */
const embeddings = /(?:^|\/)embeddings\//;
const markup = /\.(?:xml|rels|xhtml|html?|opf|ncx|svg)$/i;
const zipSignature = Buffer.from('PK\x03\x04', 'latin1');

/**
 * Inflates every entry of an office file once, keeping nothing, before a library is let near it. Counts what really
 * comes out, not what the directory promises, and refuses archives within the archive and entities declared in XML.
 * Resolves to the names of the entries.
 */
export function guardArchive(path: string, limits: ParsingLimits): Promise<readonly string[]> {
  return withArchive(path, limits, async (entries, open) => {
    const promisedBytes = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
    const packedBytes = entries.reduce((sum, entry) => sum + entry.compressedSize, 0);
    requireSize(promisedBytes, packedBytes, limits);
    let bytes = 0;
    for (const entry of entries) {
      const scan = entryScan(entry);
      for await (const chunk of chunksOf(await open(entry))) {
        bytes += chunk.length;
        requireSize(bytes, packedBytes, limits);
        scan(chunk);
      }
    }
    return entries.map(({ fileName }) => fileName);
  });
}

function requireSize(bytes: number, packedBytes: number, limits: ParsingLimits): void {
  if (bytes > limits.maxArchiveBytes) {
    throw new GatewayError(
      'document_too_large',
      `The file unpacks to more than ${limits.maxArchiveBytes} bytes, which is the most that is read.`,
    );
  }
  if (bytes > harmlessBytes && bytes > limits.maxArchiveRatio * packedBytes) {
    throw new GatewayError(
      'unprocessable_document',
      `The file unpacks to more than ${limits.maxArchiveRatio} times its size, as no document does.`,
    );
  }
}

async function* chunksOf(stream: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) yield chunk;
  } catch (error) {
    refuseDamaged(error);
  }
}

/** Looks at an entry as it passes. */
function entryScan(entry: Entry): (chunk: Buffer) => void {
  const isMarkup = markup.test(entry.fileName);
  const mayBeArchive = embeddings.test(entry.fileName);
  const isManifest = entry.fileName === 'META-INF/manifest.xml';
  let tail: Buffer = Buffer.alloc(0);
  let first = true;
  return (chunk) => {
    if (first && !mayBeArchive && chunk.subarray(0, zipSignature.length).equals(zipSignature)) refuseNested();
    first = false;
    if (!isMarkup) return;
    // A word may lie across two chunks.
    const text = Buffer.concat([tail, chunk]).toString('latin1').replaceAll('\0', '');
    if (/<!ENTITY/i.test(text)) refuseEntities();
    if (isManifest && text.includes('encryption-data')) refuseEncrypted();
    tail = chunk.subarray(-64);
  };
}

function refuseNested(): never {
  throw new GatewayError('unprocessable_document', 'The file has an archive within it; send what is in it by itself.');
}

function refuseEntities(): never {
  throw new GatewayError('unprocessable_document', 'The file declares XML entities, which office programs never do.');
}
