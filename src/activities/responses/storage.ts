import type { ResponseRecord, ResponseRepository } from '../../adapters/mongo/responses.ts';
import type { BlobStore } from '../../core/blob.ts';
import { crashPoint } from '../../core/crash-point.ts';
import type { StoredResponse } from '../../core/response.ts';
import { storeJson } from '../jobs/store-json.ts';

/** Larger content is a blob: one with pictures in it would not fit into a record. */
const inlineBytes = 256 * 1024;

type Content = Pick<StoredResponse, 'response' | 'input' | 'output'>;

/** Answers as they are kept, whatever their size. */
export function createResponseStorage({ responses, blobs }: { responses: ResponseRepository; blobs: BlobStore }) {
  async function toStored(record: ResponseRecord): Promise<StoredResponse> {
    const { _id: id, ownerId, createdAt, expiresAt, ancestors, content, contentBlob } = record;
    const text = content ?? (contentBlob === null ? '{}' : await readText(ownerId, contentBlob.id));
    return { id, ownerId, createdAt, expiresAt, ancestors, ...(JSON.parse(text) as Content) };
  }

  async function readText(ownerId: number, id: string): Promise<string> {
    const pieces: Uint8Array[] = [];
    for await (const piece of blobs.read(ownerId, id)) pieces.push(piece);
    return Buffer.concat(pieces).toString('utf8');
  }

  /** False when there is none. The file goes first: cut short, the record is still there to begin again from. */
  async function remove(ownerId: number, id: string): Promise<boolean> {
    await blobs.release(ownerId, referenceOf(id));
    crashPoint('response.released.before_remove');
    return responses.remove(ownerId, id);
  }

  return {
    /** Safe to repeat. */
    async save({ id, ownerId, createdAt, expiresAt, ancestors, ...content }: StoredResponse): Promise<void> {
      const text = Buffer.from(JSON.stringify(content));
      const isSmall = text.byteLength <= inlineBytes;
      const contentBlob = isSmall ? null : await storeJson(blobs, ownerId, text, new AbortController().signal);
      if (contentBlob) await blobs.attach(ownerId, contentBlob.id, referenceOf(id));
      crashPoint('response.held.before_save');
      await responses.save({
        _id: id,
        ownerId,
        createdAt,
        expiresAt,
        ancestors: [...ancestors],
        itemIds: content.output.map((item) => item.id),
        content: isSmall ? text.toString('utf8') : null,
        contentBlob,
      });
    },

    async find(ownerId: number, id: string): Promise<StoredResponse | null> {
      const record = await responses.find(ownerId, id);
      return record && toStored(record);
    },

    /** Those there are of `ids`, in that order. */
    async findMany(ownerId: number, ids: readonly string[]): Promise<StoredResponse[]> {
      const records = await responses.findMany(ownerId, ids);
      const found = await Promise.all(records.map(toStored));
      return ids.flatMap((id) => found.filter((stored) => stored.id === id));
    },

    /** The answer that an item of this id is part of. */
    async findByItem(ownerId: number, itemId: string): Promise<StoredResponse | null> {
      const record = await responses.findByItem(ownerId, itemId);
      return record && toStored(record);
    },

    remove,

    /** Deletes answers that are past their time, `limit` at most. Answers how many. */
    async purge(limit: number): Promise<number> {
      const expired = await responses.expired(limit);
      for (const { ownerId, _id } of expired) await remove(ownerId, _id);
      return expired.length;
    },
  };
}

export type ResponseStorage = ReturnType<typeof createResponseStorage>;

function referenceOf(id: string): string {
  return `response:${id}`;
}
