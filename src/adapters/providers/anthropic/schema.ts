import { isRecord } from '../../../core/json/is-record.ts';
import { cannot } from '../translation/without.ts';

const keptKeywords = new Set(['type', 'enum', 'const', 'default', 'title', '$defs', 'definitions', 'required']);
const keptFormats = new Set([
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'uri',
  'ipv4',
  'ipv6',
  'uuid',
]);

/**
 * A JSON Schema as Claude's constrained output takes it: objects are closed, and what it does not enforce is told to
 * the model in the description. Throws `unsupported_value` with `param` for an object of arbitrary keys.
 */
export function strictSchema(schema: unknown, param: string): unknown {
  if (!isRecord(schema)) return schema === true ? {} : schema;
  if (typeof schema['$ref'] === 'string') return { $ref: schema['$ref'] };
  if (isRecord(schema['additionalProperties'])) {
    throw cannot(
      param,
      'Models of Anthropic keep to schemas of closed objects only. Name the properties of each object.',
    );
  }
  const strict: Record<string, unknown> = {};
  const told: string[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'description' || keyword === 'additionalProperties' || keyword === '$schema') continue;
    const name = keyword === 'oneOf' ? 'anyOf' : keyword;
    if (isKept(keyword, value)) strict[name] = within(keyword, value, param);
    else told.push(`${keyword}: ${JSON.stringify(value)}`);
  }
  if (schema['type'] === 'object' || isRecord(schema['properties'])) strict['additionalProperties'] = false;
  const description = [schema['description'], told.length > 0 && `{${told.join(', ')}}`].filter(Boolean).join('\n\n');
  return description === '' ? strict : { ...strict, description };
}

function isKept(keyword: string, value: unknown): boolean {
  switch (keyword) {
    case 'format':
      return keptFormats.has(String(value));
    case 'minItems':
      return value === 0 || value === 1;
    case 'items':
    case 'properties':
      return isRecord(value);
    case 'anyOf':
    case 'oneOf':
    case 'allOf':
      return Array.isArray(value);
    default:
      return keptKeywords.has(keyword);
  }
}

function within(keyword: string, value: unknown, param: string): unknown {
  if (keyword === 'items') return strictSchema(value, param);
  if (['properties', '$defs', 'definitions'].includes(keyword) && isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, strictSchema(inner, param)]));
  }
  if (['anyOf', 'oneOf', 'allOf'].includes(keyword) && Array.isArray(value)) {
    return value.map((inner) => strictSchema(inner, param));
  }
  return value;
}
