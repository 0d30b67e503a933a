import type { Tool, ToolCall } from '../../../core/chat.ts';
import { assertThat } from '../../../core/errors.ts';
import { isRecord } from '../../../core/json/is-record.ts';
import { cannot } from './without.ts';

/** A tool as vendors know it that have functions only: a custom one is a function of one text. */
export interface FunctionTool {
  name: string;
  description: string | null;
  /** JSON Schema of an object. */
  parameters: Record<string, unknown>;
  strict: boolean;
}

const textInput = {
  type: 'object',
  properties: { input: { type: 'string', description: 'All of the input, as plain text.' } },
  required: ['input'],
  additionalProperties: false,
};

export function asFunction(vendor: string, tool: Tool, index: number): FunctionTool {
  const { name, description } = tool;
  if (tool.kind === 'custom') {
    if (tool.grammar) {
      throw cannot(
        `tools[${index}].custom.format`,
        `Models of ${vendor} do not keep to a grammar. Let the tool ${name} take any text.`,
      );
    }
    return { name, description, parameters: textInput, strict: false };
  }
  const parameters = { properties: {}, ...tool.parameters, type: 'object' };
  return { name, description, parameters, strict: tool.strict === true };
}

/** The arguments of an earlier call as an object. Throws `invalid_request` with `param` when a function's are none. */
export function argumentsOf(call: ToolCall, param: string): Record<string, unknown> {
  if (call.kind === 'custom') return { input: call.arguments };
  const value = parsed(call.arguments);
  assertThat(
    isRecord(value),
    'invalid_request',
    `Expected the arguments of the call ${call.id} to be the JSON text of an object.`,
    { param },
  );
  return value;
}

/** The names of the tools whose calls must come back as plain text. */
export function customToolNames(tools: readonly Tool[]): ReadonlySet<string> {
  return new Set(tools.filter(({ kind }) => kind === 'custom').map(({ name }) => name));
}

/** The text in the arguments of a call of a custom tool; all of them, where the model did not keep to the form. */
export function unwrapInput(json: string): string {
  const value = parsed(json);
  const input = typeof value === 'object' && value !== null && 'input' in value ? value.input : undefined;
  return typeof input === 'string' ? input : json;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
