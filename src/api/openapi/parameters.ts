import type { Operation } from '../../core/endpoint.ts';
import type { JsonSchema, SchemaWriter } from './json-schema.ts';

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  style?: 'deepObject';
  explode?: true;
  schema: JsonSchema;
}

const jobHeaders = {
  Prefer: '`respond-async` runs the call as a job; with `wait=N` (seconds) it is answered natively if done by then.',
  'Idempotency-Key': 'For a call that runs as a job: the same key with the same request gives the same job.',
  'Webhook-URL': 'For a call that runs as a job: told of its end, signed with the default secret of the account.',
};

export function parametersOf(
  operation: Operation & { headers?: Readonly<Record<string, string>> },
  writer: SchemaWriter,
): Parameter[] {
  const headers = { ...operation.headers, ...('job' in operation && operation.job !== undefined && jobHeaders) };
  return [...pathParameters(operation, writer), ...queryParameters(operation, writer), ...headerParameters(headers)];
}

function pathParameters(operation: Operation, writer: SchemaWriter): Parameter[] {
  const schemas = propertiesOf(operation.params && writer.write(operation.params));
  const names = [...operation.path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  return names.map((name) => ({ name, in: 'path', required: true, ...described(schemas[name] ?? { type: 'string' }) }));
}

function queryParameters(operation: Operation, writer: SchemaWriter): Parameter[] {
  const schema = operation.query && writer.write(operation.query);
  const required = Array.isArray(schema?.['required']) ? schema['required'] : [];
  return Object.entries(propertiesOf(schema)).map(([name, property]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(property['type'] === 'object' && { style: 'deepObject', explode: true }),
    ...described(property),
  }));
}

function headerParameters(headers: Readonly<Record<string, string>>): Parameter[] {
  return Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }));
}

function described({ description, ...schema }: JsonSchema): Pick<Parameter, 'description' | 'schema'> {
  return typeof description === 'string' ? { description, schema } : { schema };
}

export function propertiesOf(schema: JsonSchema | undefined): Record<string, JsonSchema> {
  return (schema?.['properties'] ?? {}) as Record<string, JsonSchema>;
}
