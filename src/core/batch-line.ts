import { z } from 'zod';
import { type BatchFault, maxCustomIdLength } from './batch.ts';
import { GatewayError } from './errors.ts';
import { parseJson } from './json/parse.ts';
import type { JsonLimits } from './json/shape.ts';

/** One call of a batch, as its line says it. */
export interface BatchLine {
  customId: string;
  body: Record<string, unknown>;
}

const lineSchema = z.looseObject({
  custom_id: z.string().min(1).max(maxCustomIdLength),
  method: z.literal('POST'),
  url: z.string(),
  body: z.looseObject({}),
});

/**
 * Reads a line of a batch on `target`. What is wrong with it is answered as a fault without its number: fields of the
 * body are the call's own to judge, but for those that ask for another kind of answer than a line can hold.
 */
export function readBatchLine(
  bytes: Uint8Array,
  target: string,
  limits: JsonLimits,
): { line: BatchLine } | { fault: Omit<BatchFault, 'line'> } {
  let value: unknown;
  try {
    value = parseJson(bytes, limits);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return fault('invalid_json_line', error.publicMessage.replace('The request body', 'The line'));
  }
  const parsed = lineSchema.safeParse(value);
  if (!parsed.success) return { fault: faultOf(value, parsed.error) };
  const { custom_id: customId, url, body } = parsed.data;
  if (url !== target) return fault('mismatched_url', `Expected url '${target}', the endpoint of the batch.`, 'url');
  for (const field of ['stream', 'background']) {
    if (body[field] !== true) continue;
    return fault(
      'invalid_request',
      `'${field}' cannot be true in a batch: a line has one whole answer.`,
      `body.${field}`,
    );
  }
  return { line: { customId, body } };
}

/** The model a line names; null where it names none. */
export function modelOfLine({ body }: BatchLine): string | null {
  return typeof body['model'] === 'string' ? body['model'] : null;
}

/** How many texts a line of embeddings has. One that is wrong is for the call to refuse. */
export function inputsOfLine({ body: { input } }: BatchLine): number {
  return Array.isArray(input) && typeof input[0] !== 'number' ? input.length : 1;
}

function fault(code: string, message: string, param: string | null = null) {
  return { fault: { code, message, param } };
}

function faultOf(value: unknown, error: z.ZodError): Omit<BatchFault, 'line'> {
  const [issue] = error.issues;
  const field = String(issue?.path[0] ?? '');
  if (field === '')
    return { code: 'invalid_json_line', message: 'Expected the line to be a JSON object.', param: null };
  const isMissing = typeof value === 'object' && value !== null && !Object.hasOwn(value, field);
  const expected = {
    custom_id: `a text of 1 to ${maxCustomIdLength} characters`,
    method: "'POST'",
    url: 'the endpoint of the batch',
    body: 'an object',
  }[field];
  return {
    code: isMissing ? 'missing_required_parameter' : `invalid_${field}`,
    message: `Expected '${field}' to be ${expected}.`,
    param: field,
  };
}
