import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { OpenApiDocument } from '../../../src/api/openapi/document.ts';
import { webhookEventsOf } from '../../../src/core/webhooks/events.ts';
import { webhookEventTypes } from '../../../src/core/webhooks/filter.ts';
import { renderMessage } from '../../../src/core/webhooks/message.ts';
import { dialects } from '../../../src/protocols/index.ts';
import { presentJob } from '../../../src/protocols/jobs/present-job.ts';
import { jsonOf, startTestApi } from '../../helpers/api.ts';
import { echo } from '../../helpers/echo-dialect.ts';
import { buildJob, completedJob } from '../../helpers/jobs.ts';

const completed = { ...buildJob(), jobId: buildJob().id, sequence: 3, type: 'job.completed', data: {} } as const;
const everything = [...dialects, echo];

async function fetchDocument(t: Parameters<typeof startTestApi>[0]): Promise<OpenApiDocument> {
  const { url } = await startTestApi(t, { dialects: everything });
  const response = await fetch(`${url}/openapi.json`);
  assert.equal(response.status, 200);
  return jsonOf<OpenApiDocument>(response);
}

function operationsOf(document: OpenApiDocument) {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
}

/** Every `$ref` anywhere in the document. */
function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === '$ref' && typeof child === 'string' ? [child] : referencesIn(child),
  );
}

function lookUp(document: unknown, reference: string): unknown {
  return reference
    .slice(2)
    .split('/')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
}

test('every operation that is mounted is in the document', async (t) => {
  const { app, url } = await startTestApi(t, { dialects: everything });
  const document = await jsonOf<OpenApiDocument>(await fetch(`${url}/openapi.json`));
  assert.equal(operationsOf(document).length, app.operations.length);
});

test('every reference leads somewhere', async (t) => {
  const document = await fetchDocument(t);
  const references = referencesIn(document);
  assert.ok(references.length > 50);
  for (const reference of references) assert.ok(lookUp(document, reference), reference);
});

test('every operation has an id of its own, a tag and a summary', async (t) => {
  const operations = operationsOf(await fetchDocument(t));
  assert.equal(new Set(operations.map(({ operation }) => operation.operationId)).size, operations.length);
  for (const { path, operation } of operations) {
    assert.ok(operation.tags[0] && operation.summary, path);
    assert.match(operation.operationId, /^[a-z][a-zA-Z0-9]*$/);
  }
});

test('every parameter of a path is declared, and no other', async (t) => {
  for (const { path, operation } of operationsOf(await fetchDocument(t))) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const declared = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
    assert.deepEqual(declared, named, path);
  }
});

test('what is not public names how to authenticate, and what happens otherwise', async (t) => {
  for (const { path, operation } of operationsOf(await fetchDocument(t))) {
    const isPublic = operation.security.length === 0;
    assert.equal('401' in operation.responses || '403' in operation.responses, !isPublic, path);
  }
});

test('an endpoint with a job form documents its headers and the 202', async (t) => {
  const document = await fetchDocument(t);
  const operation = document.paths['/echo/embeddings']?.['post'];
  const headers = operation?.parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name);
  assert.deepEqual(headers, ['Prefer', 'Idempotency-Key', 'Webhook-URL']);
  assert.deepEqual(operation?.responses['202'], { $ref: '#/components/responses/accepted' });
});

test('an endpoint without a job form has neither', async (t) => {
  const operation = (await fetchDocument(t)).paths['/echo/collections/{id}']?.['get'];
  assert.deepEqual(
    operation?.parameters.map(({ name }) => name),
    ['id', 'limit'],
  );
  assert.equal(operation?.responses['202'], undefined);
});

test('a form documents its file beside its fields', async (t) => {
  const body = (await fetchDocument(t)).paths['/echo/documents']?.['post']?.requestBody;
  assert.deepEqual(Object.keys(body?.content ?? {}), ['multipart/form-data', 'application/json']);
  const schema = body?.content['multipart/form-data']?.schema as { properties: Record<string, unknown> };
  assert.deepEqual(Object.keys(schema.properties), ['collection', 'separators', 'file']);
});

test('errors are documented in the shape of their dialect', async (t) => {
  const { components } = await fetchDocument(t);
  const response = components.responses['echo-404'] as {
    content: Record<string, { examples: Record<string, unknown> }>;
  };
  assert.deepEqual(Object.keys(response.content['application/json']?.examples ?? {}).toSorted(), [
    'model_not_found',
    'not_found',
  ]);
});

/** JSON pointers to every schema of a body or an answer. */
function schemaPointers(value: unknown, pointer: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const path = `${pointer}/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`;
    return key === 'schema' ? [path] : schemaPointers(child, path);
  });
}

test('every schema is a JSON Schema that a validator takes', async (t) => {
  const document = await fetchDocument(t);
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, 'api.json');
  const pointers = schemaPointers(document, '');
  assert.ok(pointers.length > 50);
  for (const pointer of pointers) ajv.compile({ $ref: `api.json#${pointer}` });
});

test('a job as it is answered fits its schema', async (t) => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(await fetchDocument(t), 'api.json');
  const validate = ajv.compile({ $ref: 'api.json#/components/schemas/Job' });
  const error = { code: 'upstream_error', message: 'No.', param: null, retryable: true } as const;
  const progress = { percent: 1, stage: 's', completed: 1, total: null, message: null, updatedAt: 5 };
  for (const job of [buildJob(), completedJob(), buildJob({ status: 'failed', error, lastError: error, progress })]) {
    assert.ok(validate(presentJob(job)), JSON.stringify(validate.errors));
  }
  assert.ok(!validate({ ...presentJob(buildJob()), status: 'done' }));
});

test('every type of event is in the document, with the message that receivers are sent', async (t) => {
  const { webhooks, components } = await fetchDocument(t);
  assert.deepEqual(Object.keys(webhooks), [...webhookEventTypes]);
  const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
  const event = webhookEventsOf(completedJob(), completed, null)[0] ?? assert.fail('the end of a job is told');
  const messages = [renderMessage(event, null), renderMessage(event, completedJob().result)];
  const { schema } = webhooks['job.completed']?.post.requestBody.content['application/json'] ?? {};
  const validate = ajv.compile({ ...schema, components });
  for (const message of messages) assert.ok(validate(JSON.parse(message)), ajv.errorsText(validate.errors));
});
