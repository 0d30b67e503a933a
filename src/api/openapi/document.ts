import { readFileSync } from 'node:fs';
import type { Dialect } from '../../core/endpoint.ts';
import { jobSchema } from '../../protocols/jobs/schemas.ts';
import { dialectOf } from '../dialect-of.ts';
import { templatePath } from '../route-path.ts';
import { createErrorResponses, problemSchema } from './error-responses.ts';
import { createSchemaWriter, type JsonSchema } from './json-schema.ts';
import { type Documented, type OperationObject, operationObject } from './operation-object.ts';
import { type WebhookObject, webhookObjects } from './webhook-objects.ts';

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const requestIdHeader = {
  'x-request-id': { description: 'Names the request in logs and jobs.', schema: { type: 'string' } },
};

export interface OpenApiDocument {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string };
  paths: Record<string, Record<string, OperationObject>>;
  webhooks: Record<string, { post: WebhookObject }>;
  components: { securitySchemes: JsonSchema; schemas: Record<string, JsonSchema>; responses: JsonSchema };
}

/** OpenAPI 3.1 of everything that is mounted, made from the declarations that validate it. */
export function openApiDocument(operations: readonly Documented[], dialects: readonly Dialect[]): OpenApiDocument {
  const writer = createSchemaWriter();
  const errors = createErrorResponses();
  const paths: OpenApiDocument['paths'] = {};
  for (const operation of operations) {
    const path = templatePath(operation.path);
    const dialect = dialectOf(operation.path, dialects);
    paths[path] = {
      ...paths[path],
      [operation.method.toLowerCase()]: operationObject(operation, dialect, writer, errors),
    };
  }
  const accepted = acceptedResponse(writer.write(jobSchema));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Switchyard',
      version,
      description: 'One AI API in front of every model, in which every call can be a durable job.',
    },
    paths,
    webhooks: webhookObjects(writer),
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API key.' },
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
      },
      schemas: { ...writer.components, Problem: problemSchema },
      responses: { accepted, ...errors.components },
    },
  };
}

function acceptedResponse(job: JsonSchema): JsonSchema {
  const header = (description: string) => ({ description, schema: { type: 'string' } });
  return {
    description: 'Accepted as a job, which is on disk by now.',
    headers: {
      ...requestIdHeader,
      Location: header('Path of the job.'),
      'Retry-After': header('Seconds to wait before looking.'),
      'Preference-Applied': header('What was honoured of `Prefer`.'),
      'x-job-id': header('Id of the job.'),
      'idempotent-replayed': header('`true` where the same `Idempotency-Key` had made the job before.'),
    },
    content: { 'application/json': { schema: job } },
  };
}
