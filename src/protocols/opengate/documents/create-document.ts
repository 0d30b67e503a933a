import { endpoint } from '../../../core/endpoint.ts';
import { assertThat } from '../../../core/errors.ts';
import { created } from '../fields.ts';
import { documentForm, splitterOf } from './form.ts';

export const createDocument = endpoint({
  method: 'POST',
  path: '/v1/documents',
  permission: 'use',
  summary: 'Make a document of a file, parsed, split and indexed; or an empty one, to be filled chunk by chunk',
  tag: 'Documents',
  status: 201,
  body: documentForm,
  files: { file: { required: false, description: 'The file; without it the document is empty.' } },
  response: created,
  verb: 'createDocument',
  job: { kind: 'ingest', always: true, applies: (files) => files['file'] !== undefined },
  toCore: (form, { files }) => {
    const collectionId = form.collection_id ?? form.collection;
    assertThat(collectionId !== undefined, 'invalid_request', 'collection_id is required', { param: 'collection_id' });
    const file = files['file'] ?? null;
    const name = form.name ?? null;
    assertThat(file ?? name, 'invalid_request', 'name is required when file is not provided', { param: 'name' });
    return { collectionId, file, name, splitter: splitterOf(form), metadata: form.metadata ?? null };
  },
  fromCore: ({ id }) => ({ id }),
});
