import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IntoCollection } from '../../../src/activities/batches/into-collection.ts';
import type { FileLine } from '../../../src/activities/batches/line-reader.ts';
import { createTextLines } from '../../../src/activities/batches/text-lines.ts';
import { parseConfig } from '../../../src/config.ts';
import { type ErrorCode, GatewayError } from '../../../src/core/errors.ts';
import type { EmbedRequest } from '../../../src/core/models.ts';
import type { Verbs } from '../../../src/core/verbs.ts';
import { buildBatch } from '../../helpers/batch-state.ts';
import { buildCall, buildUserCall } from '../../helpers/calls.ts';
import { buildJob } from '../../helpers/jobs.ts';
import { nothingUsed } from '../../helpers/models.ts';

const lines: readonly FileLine[] = ['good', 'bad', 'fine'].map((text, index) => {
  const bytes = Buffer.from(JSON.stringify(text));
  return { number: index + 1, from: 0, to: bytes.byteLength, bytes };
});

const body = { input_file_id: 'file-1', model: 'm' };
const request = { params: {}, query: {}, files: {}, body, bytes: null };
const job = buildJob({ request: { ...request, operation: 'POST /v1/embeddings/batches', bodyBlob: null } });
const owner = buildUserCall().principal;

/** The lines, embedded by a model that fails at every call with the text `bad` in it. */
function runLines(code: ErrorCode) {
  async function embed({ texts }: EmbedRequest) {
    if (texts.includes('bad')) throw new GatewayError(code, 'no');
    return { id: '', model: 'm', vectors: texts.map(() => new Float32Array([1])), ...nothingUsed };
  }
  const intoCollection: IntoCollection = { write: () => assert.fail(), publish: () => assert.fail() };
  const verbs: Pick<Verbs, 'embed'> = { embed };
  const config = parseConfig({});
  const work = createTextLines({ config, intoCollection }, () => verbs as Verbs);
  const batch = { job, state: buildBatch({ model: 'm', linesPerCall: 3 }), request, owner };
  return work.run(lines, batch, buildCall(), { isOver: false });
}

describe('a text that is to be embedded with others', () => {
  const judged = [
    'invalid_request',
    'unsupported_value',
    'context_length_exceeded',
    'body_too_large',
    'upstream_rejected',
  ] as const;
  for (const code of judged) {
    it(`is refused by itself for ${code}`, async () => {
      const { completed, failed, errors } = await runLines(code);
      assert.deepEqual([completed, failed], [2, 1]);
      assert.deepEqual(errors, [{ id: null, line: 2, error: { code, message: 'no' } }]);
    });
  }

  for (const code of ['upstream_auth_error', 'model_not_found', 'permission_denied', 'account_expired'] as const) {
    it(`is not blamed for ${code}`, async () => {
      await assert.rejects(runLines(code), (error: GatewayError) => error.code === code);
    });
  }
});
