import type { Dialect, Operation } from '../../core/endpoint.ts';
import type { ErrorResponses } from './error-responses.ts';
import type { JsonSchema, SchemaWriter } from './json-schema.ts';
import { type Parameter, parametersOf, propertiesOf } from './parameters.ts';

/** An operation with what only routes say about themselves. */
export type Documented = Operation & { headers?: Readonly<Record<string, string>>; mediaType?: string };

export interface OperationObject {
  operationId: string;
  summary: string;
  tags: string[];
  deprecated?: true;
  security: Record<string, never[]>[];
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, unknown>;
}

const credentials = [{ bearer: [] }, { apiKey: [] }];

export function operationObject(
  operation: Documented,
  dialect: Dialect,
  writer: SchemaWriter,
  errors: ErrorResponses,
): OperationObject {
  const requestBody = requestBodyOf(operation, writer);
  return {
    operationId: operationId(operation),
    summary: operation.summary,
    tags: [operation.tag],
    ...(operation.deprecated && { deprecated: true }),
    security: operation.permission === 'public' ? [] : credentials,
    parameters: parametersOf(operation, writer),
    ...(requestBody && { requestBody }),
    responses: { ...successes(operation, writer), ...errors.of(operation, dialect) },
  };
}

/** `POST /v1/jobs/:id/cancel` -> `postV1JobsByIdCancel`. */
function operationId({ method, path }: Operation): string {
  const words = path
    .split('/')
    .filter(Boolean)
    .map((segment) => (segment.startsWith(':') ? `by-${segment.slice(1)}` : segment));
  const name = [method.toLowerCase(), ...words].join('-').replaceAll(/[^a-zA-Z0-9]+/g, '-');
  return name.replaceAll(/-(\w?)/g, (_match, letter: string) => letter.toUpperCase());
}

function requestBodyOf(operation: Documented, writer: SchemaWriter): OperationObject['requestBody'] | null {
  if (operation.body === undefined && operation.files === undefined) return null;
  const files = Object.entries(operation.files ?? {});
  const needsFile = files.some(([, file]) => file.required);
  const schema = operation.body ? writer.write(operation.body) : { type: 'object' };
  return {
    required: needsFile || operation.body?.safeParse(undefined).success !== true,
    content: {
      ...(files.length > 0 && { 'multipart/form-data': { schema: formSchema(schema, files) } }),
      ...(!needsFile && { 'application/json': { schema } }),
    },
  };
}

function formSchema(fields: JsonSchema, files: [string, { required: boolean; description: string }][]): JsonSchema {
  const fileProperties = files.map(([name, { description }]) => [
    name,
    { type: 'string', contentMediaType: 'application/octet-stream', description },
  ]);
  const required = [
    ...(Array.isArray(fields['required']) ? fields['required'] : []),
    ...files.filter(([, file]) => file.required).map(([name]) => name),
  ];
  return {
    ...fields,
    properties: { ...propertiesOf(fields), ...Object.fromEntries(fileProperties) },
    ...(required.length > 0 && { required }),
  };
}

function successes(operation: Documented, writer: SchemaWriter): Record<string, unknown> {
  const { status = 200, response, mediaType = 'application/json' } = operation;
  const content = response && { content: { [mediaType]: { schema: writer.write(response) } } };
  const accepted = status === 202 || ('job' in operation && operation.job !== undefined);
  return {
    [status]: { description: 'Done.', ...content },
    ...(accepted && { 202: { $ref: '#/components/responses/accepted' } }),
  };
}
