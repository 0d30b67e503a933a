import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BlobRef } from '../../../src/core/blob.ts';
import type { NewDocument } from '../../../src/core/collection.ts';
import { createDocument } from '../../../src/protocols/opengate/documents/create-document.ts';
import { documentForm } from '../../../src/protocols/opengate/documents/form.ts';

const file: BlobRef = { id: 'b1', bytes: 3, sha256: 'aa', mediaType: 'application/pdf', name: 'report.pdf' };

/** What the verb is given for a form with a file. */
function read(fields: Record<string, string | string[]>): NewDocument {
  const form = documentForm.parse({ collection_id: '4', ...fields });
  return createDocument.toCore(form, {
    params: undefined,
    query: undefined,
    files: { file },
    bytes: null,
  }) as NewDocument;
}

function faultsOf(fields: Record<string, string>): string[] {
  const parsed = documentForm.safeParse({ collection_id: '4', ...fields });
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.path.join('.'));
}

describe('the form of POST /v1/documents', () => {
  it('has the defaults of S4', () => {
    assert.deepEqual(read({}), {
      collectionId: 4,
      file,
      name: null,
      splitter: {
        chunkSize: 2048,
        chunkMinSize: 0,
        chunkOverlap: 0,
        separators: [],
        isSeparatorRegex: false,
        preset: 'markdown',
        disableChunking: false,
      },
      metadata: null,
    });
  });

  it('reads numbers, truth and JSON from text', () => {
    const { splitter, metadata, name } = read({
      name: ' a name ',
      chunk_size: '512',
      chunk_min_size: '8',
      chunk_overlap: '64',
      disable_chunking: 'false',
      is_separator_regex: 'true',
      separators: ['\n## ', '\n'],
      preset_separators: 'python',
      metadata: '{"year": 2024, "draft": false, "kind": "report"}',
    });
    assert.deepEqual(splitter, {
      chunkSize: 512,
      chunkMinSize: 8,
      chunkOverlap: 64,
      separators: ['\n## ', '\n'],
      isSeparatorRegex: true,
      preset: 'python',
      disableChunking: false,
    });
    assert.deepEqual({ ...metadata }, { year: 2024, draft: false, kind: 'report' });
    assert.equal(name, 'a name');
  });

  it('takes one separator for a list of one', () => {
    assert.deepEqual(read({ separators: '---' }).splitter.separators, ['---']);
  });

  it('takes a field that is left empty for one that is left out', () => {
    const fields = [
      'name',
      'collection',
      'disable_chunking',
      'chunk_size',
      'separators',
      'preset_separators',
      'metadata',
    ];
    assert.deepEqual(read(Object.fromEntries(fields.map((field) => [field, '']))), read({}));
  });

  it('does not split with a chunk size of 0, as S4 says', () => {
    assert.equal(read({ chunk_size: '0' }).splitter.disableChunking, true);
  });

  it('prefers collection_id to its old name', () => {
    assert.equal(read({ collection: '9' }).collectionId, 4);
    assert.equal(read({ collection_id: '', collection: '9' }).collectionId, 9);
  });

  for (const [field, value] of [
    ['collection_id', '0'],
    ['collection_id', '1.5'],
    ['chunk_size', '-1'],
    ['chunk_size', 'many'],
    ['chunk_overlap', '1e3'],
    ['disable_chunking', 'maybe'],
    ['preset_separators', 'brainfuck'],
    ['name', 'x'.repeat(256)],
    ['metadata', '[]'],
    ['metadata', '{"a": [1]}'],
    ['metadata', '{'],
    ['metadata', `{${Array.from({ length: 11 }, (_, index) => `"k${index}": 1`).join()}}`],
  ] as const) {
    it(`refuses ${field}: ${value.slice(0, 20)}`, () => {
      assert.ok(faultsOf({ [field]: value }).some((path) => path.startsWith(field)));
    });
  }

  it('is a job whenever there is a file, and only then', () => {
    assert.equal(createDocument.job?.always, true);
    assert.equal(createDocument.job?.applies?.({ file }), true);
    assert.equal(createDocument.job?.applies?.({}), false);
  });
});
