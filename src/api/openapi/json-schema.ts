import { z } from 'zod';

export type JsonSchema = { [key: string]: unknown };

const componentPath = '#/components/schemas/';

/**
 * Turns the schemas that validate into those that document, as callers write them. Schemas with an id become shared
 * components, which `components` collects.
 */
export function createSchemaWriter() {
  const components: Record<string, JsonSchema> = {};

  return {
    components,
    write(schema: z.ZodType): JsonSchema {
      // Inside another one, a schema with an id is always written as a reference.
      const { $defs = {}, properties = {} } = z.toJSONSchema(z.object({ schema }), {
        io: 'input',
        unrepresentable: 'any',
      });
      for (const [id, definition] of Object.entries($defs)) components[id] = redirect(definition) as JsonSchema;
      return redirect(properties['schema'] ?? {}) as JsonSchema;
    },
  };
}

export type SchemaWriter = ReturnType<typeof createSchemaWriter>;

/** The same schema with its references going to the components. */
function redirect(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redirect);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, child]) => [
    key,
    key === '$ref' && typeof child === 'string' ? child.replace('#/$defs/', componentPath) : redirect(child),
  ]);
  return Object.fromEntries(entries);
}
