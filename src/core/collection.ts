import type { BlobRef } from './blob.ts';
import type { DocumentType } from './document.ts';
import type { OffsetPage } from './identity.ts';
import type { Metadata } from './metadata.ts';
import type { SplitterSettings } from './splitter/settings.ts';

export type Visibility = 'private' | 'public';

/** Times are milliseconds since the epoch throughout the core. */
export interface Collection {
  id: number;
  ownerId: number;
  /** What the specification shows as `owner`: the owner's name, or their address if they have none. */
  ownerName: string;
  name: string;
  description: string | null;
  visibility: Visibility;
  /** The embedding model every chunk of the collection is embedded with, fixed at creation. */
  embeddingModel: string;
  /** How many documents it holds. */
  documents: number;
  createdAt: number;
  updatedAt: number;
}

export type DocumentStatus = 'queued' | 'in_progress' | 'completed' | 'failed' | 'cancelled';

/** Counts of an ingestion, by part (page, sheet, slide) and by batch of chunks. Totals are null until known. */
export interface IngestProgress {
  unit: string;
  partsDone: number;
  partsTotal: number | null;
  batchesDone: number;
  batchesTotal: number | null;
}

export interface StoredDocument {
  id: number;
  ownerId: number;
  collectionId: number;
  visibility: Visibility;
  name: string;
  /** Chunks that a search can find. */
  chunks: number;
  status: DocumentStatus;
  /** Null for a document that was made without a file. */
  jobId: string | null;
  type: DocumentType | null;
  mediaType: string | null;
  bytes: number | null;
  progress: IngestProgress | null;
  /** One entry per part: how it was read and how sure we are. */
  provenance: readonly PartProvenance[];
  createdAt: number;
}

export interface PartProvenance {
  part: number;
  method: 'text' | 'ocr' | 'provider' | 'mixed' | 'empty';
  confidence: number | null;
}

/** Where a chunk's text came from. Null for chunks that a caller posted. */
interface ChunkSource {
  /** The first and last part the text was taken from. */
  fromPart: number;
  toPart: number;
  /** Offsets in the document's Markdown, in UTF-16 units: `content === markdown.slice(start, end)`. */
  start: number;
  end: number;
}

export interface Chunk {
  /** Counts from 0 within its document. */
  id: number;
  documentId: number;
  collectionId: number;
  content: string;
  metadata: Metadata | null;
  source: ChunkSource | null;
  createdAt: number;
}

export interface CollectionQuery extends OffsetPage<'id' | 'name' | 'created' | 'updated'> {
  name: string | null;
  /** Given: the caller's own of that kind. Null: the caller's own and all public ones. */
  visibility: Visibility | null;
}

export interface CollectionChanges {
  name?: string;
  description?: string | null;
  visibility?: Visibility;
}

export interface DocumentQuery extends OffsetPage<'id' | 'name' | 'created'> {
  name: string | null;
  collectionId: number | null;
}

export interface NewDocument {
  collectionId: number;
  /** Null makes an empty document, to be filled chunk by chunk. */
  file: BlobRef | null;
  name: string | null;
  splitter: SplitterSettings;
  /** Copied to every chunk. */
  metadata: Metadata | null;
}

export interface NewChunk {
  content: string;
  metadata: Metadata | null;
}
