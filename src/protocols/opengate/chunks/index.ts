import { addChunks } from './add-chunks.ts';
import { deleteChunk } from './delete-chunk.ts';
import { getChunk, getChunkByOldPath } from './get-chunk.ts';
import { listChunks, listChunksByOldPath } from './list-chunks.ts';

export const chunkEndpoints = [addChunks, listChunks, getChunk, deleteChunk, listChunksByOldPath, getChunkByOldPath];
