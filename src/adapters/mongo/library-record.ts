import { type Connection, Schema } from 'mongoose';
import type {
  Chunk,
  Collection,
  DocumentStatus,
  IngestProgress,
  PartProvenance,
  StoredDocument,
} from '../../core/collection.ts';
import { tenancy } from './tenancy.ts';

/** A collection as stored. Who the owner is called and how many documents it holds is looked up when it is read. */
export interface CollectionRecord extends Omit<Collection, 'id' | 'ownerName' | 'documents'> {
  _id: number;
  /** Length of the vectors, which with the model names the index; null until the first chunk is embedded. */
  dimensions: number | null;
}

export interface DocumentRecord extends Omit<StoredDocument, 'id' | 'visibility' | 'provenance'> {
  _id: number;
  status: DocumentStatus;
  progress: IngestProgress | null;
  /** By part number, so that a repeated step adds nothing twice. */
  provenance: Record<string, PartProvenance>;
  /** The version that readers see; null until the first one is published. Posted chunks join it. */
  activeVersion: number | null;
  /** The version the latest job writes. Versions are never used twice. */
  latestVersion: number;
  /** The id of the next chunk that is posted. */
  nextChunk: number;
}

/** One chunk of a batch; the rest of `Chunk` is the batch's. */
export type BatchChunk = Pick<Chunk, 'id' | 'content' | 'metadata' | 'source'>;

/** Consecutive chunks of one version of a document: the durable truth of their text. */
export interface BatchRecord {
  ownerId: number;
  collectionId: number;
  documentId: number;
  version: number;
  /** Orders the batches of a version: ids of chunks rise with it. */
  batch: number;
  chunks: BatchChunk[];
  /** How many there are, so that counting reads no text. */
  size: number;
  /** Null until every chunk of it is in the index; readers see no other. */
  indexedAt: number | null;
  /** The call that posted it, for a repeated call to find; null for an ingestion's. */
  postedBy: string | null;
  createdAt: number;
}

/** A deletion that was promised and is not finished: of a collection, a document, or outdated versions of one. */
export interface DeletionRecord {
  _id: string;
  ownerId: number;
  collectionId: number;
  /** Null for the whole collection. */
  documentId: number | null;
  /** Versions under this one that readers do not see; null for the whole document. */
  belowVersion: number | null;
  createdAt: number;
  /** When it is worked on next. */
  dueAt: number;
}

const options = { versionKey: false, strict: false, minimize: false, id: false } as const;

const collectionSchema = new Schema<CollectionRecord>({ _id: Number, ownerId: Number }, options);
collectionSchema.plugin(tenancy);
collectionSchema.index({ ownerId: 1, _id: 1 });
collectionSchema.index({ visibility: 1 }, { partialFilterExpression: { visibility: 'public' } });

const documentSchema = new Schema<DocumentRecord>({ _id: Number, ownerId: Number }, options);
documentSchema.plugin(tenancy);
documentSchema.index({ collectionId: 1, _id: 1 });

const batchSchema = new Schema<BatchRecord>({ ownerId: Number }, options);
batchSchema.plugin(tenancy);
batchSchema.index({ documentId: 1, version: 1, batch: 1 }, { unique: true });
batchSchema.index({ documentId: 1, version: 1, batch: 1, size: 1, indexedAt: 1, ownerId: 1 }, { name: 'layout' });
batchSchema.index({ documentId: 1, version: 1, 'chunks.id': 1 }, { name: 'chunk' });
batchSchema.index(
  { documentId: 1, postedBy: 1 },
  { name: 'posted', partialFilterExpression: { postedBy: { $type: 'string' } } },
);
batchSchema.index(
  { createdAt: 1 },
  { name: 'abandoned', partialFilterExpression: { indexedAt: null, postedBy: { $type: 'string' } } },
);

const deletionSchema = new Schema<DeletionRecord>({ _id: String, ownerId: Number }, options);
deletionSchema.plugin(tenancy);
deletionSchema.index({ dueAt: 1 });

/** The stored shapes of collections, documents and chunks. */
export function createLibraryModels(connection: Connection) {
  return {
    Collections: connection.model<CollectionRecord>('collection', collectionSchema, 'collections'),
    Documents: connection.model<DocumentRecord>('document', documentSchema, 'documents'),
    Batches: connection.model<BatchRecord>('chunkBatch', batchSchema, 'chunk_batches'),
    Deletions: connection.model<DeletionRecord>('deletion', deletionSchema, 'deletions'),
  };
}

export type LibraryModels = ReturnType<typeof createLibraryModels>;
