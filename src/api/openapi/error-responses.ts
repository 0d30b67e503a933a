import type { Dialect, Operation } from '../../core/endpoint.ts';
import { type ErrorCode, errorTable, GatewayError } from '../../core/errors.ts';
import { problemMediaType } from '../problem-json.ts';
import type { JsonSchema } from './json-schema.ts';

const sampleRequestId = 'req_3f0c9f0e';

/** An RFC 9457 document, answered to whoever accepts that type, whatever the dialect. */
export const problemSchema: JsonSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'param', 'request_id', 'errors'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: Object.keys(errorTable) },
    param: { type: ['string', 'null'] },
    request_id: { type: 'string' },
    errors: { type: 'array', items: { type: 'object' } },
  },
};

/** The errors an operation can meet before and while it runs, from what its declaration says. */
function codesOf(operation: Operation): ErrorCode[] {
  const takesInput = operation.params ?? operation.query ?? operation.body;
  const takesBody = operation.body ?? operation.files;
  const isPublic = operation.permission === 'public';
  const isJob = 'job' in operation && operation.job !== undefined;
  return [
    ...(isPublic ? [] : (['not_authenticated', 'invalid_api_key', 'ambiguous_credentials'] as const)),
    ...(isPublic || operation.permission === 'account' ? [] : (['account_expired', 'permission_denied'] as const)),
    ...(takesInput ? (['invalid_request'] as const) : []),
    ...(takesBody ? (['malformed_body', 'body_too_large', 'unsupported_media_type', 'request_timeout'] as const) : []),
    ...(operation.params ? (['not_found'] as const) : []),
    ...(isJob ? (['model_not_found', 'idempotency_key_reused', 'rate_limit_exceeded', 'upstream_error'] as const) : []),
    ...(isJob ? (['job_cancelled', 'deadline_exceeded'] as const) : []),
    'internal_error',
    'unavailable',
  ];
}

/** Collects one shared response per dialect and status, with an example of every code that is answered so. */
export function createErrorResponses() {
  const components: Record<string, { description: string; content: Record<string, unknown> }> = {};

  function add(dialect: Dialect, code: ErrorCode): { status: number; name: string } {
    const error = new GatewayError(code, `What went wrong, in a sentence.`, { param: 'field' });
    const { status, body } = dialect.renderError(error, sampleRequestId);
    const name = `${dialect.name}-${status}`;
    const schema = { type: 'object', required: Object.keys(body ?? {}) };
    components[name] ??= {
      description: '',
      content: {
        'application/json': { schema, examples: {} },
        [problemMediaType]: { schema: { $ref: '#/components/schemas/Problem' } },
      },
    };
    const examples = components[name].content['application/json'] as { examples: Record<string, unknown> };
    examples.examples[code] = { value: body };
    components[name].description = Object.keys(examples.examples).join(', ');
    return { status, name };
  }

  return {
    components,
    /** Status -> reference, for the `responses` of an operation. */
    of(operation: Operation, dialect: Dialect): Record<string, { $ref: string }> {
      const added = codesOf(operation).map((code) => add(dialect, code));
      return Object.fromEntries(added.map(({ status, name }) => [status, { $ref: `#/components/responses/${name}` }]));
    },
  };
}

export type ErrorResponses = ReturnType<typeof createErrorResponses>;
