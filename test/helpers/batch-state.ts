import { type BatchState, emptyBatch } from '../../src/core/batch.ts';

/** What a job keeps of a batch that has not begun, but for what the test says. */
export function buildBatch(changes: Partial<BatchState> = {}): BatchState {
  const batch = emptyBatch({
    inputFileId: 'file-1',
    input: { id: 'blob_1', name: null, mediaType: 'application/jsonl', bytes: 1, sha256: '' },
    target: '/v1/chat/completions',
    completionWindow: '24h',
    linesPerCall: 1,
    filesExpireAfterMs: null,
    reserved: { output: 'file-2', error: 'file-3' },
  });
  return { ...batch, ...changes };
}
