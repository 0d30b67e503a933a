import type { ChatRequest } from '../../../core/chat.ts';
import { asFunction } from '../translation/custom-tools.ts';
import type { ClaudeModel } from './models.ts';
import { strictSchema } from './schema.ts';

export interface WireTools {
  tools: readonly Record<string, unknown>[];
  choice: Record<string, unknown> | null;
}

/** The tools a model may call: those that are not allowed are not shown to it. */
export function toTools({ tools, toolChoice, parallelToolCalls }: ChatRequest, model: ClaudeModel): WireTools {
  const shown = tools.flatMap((tool, index) => {
    if (toolChoice?.allowed && !toolChoice.allowed.includes(tool.name)) return [];
    const { name, description, parameters, strict: asked } = asFunction('Anthropic', tool, index);
    const strict = asked && model.structuredOutput;
    const schema = strict ? strictSchema(parameters, `tools[${index}].function.parameters`) : parameters;
    return [{ name, ...(description !== null && { description }), input_schema: schema, ...(strict && { strict }) }];
  });
  if (shown.length === 0) return { tools: [], choice: null };

  const single = parallelToolCalls === false ? { disable_parallel_tool_use: true } : {};
  const [only] = toolChoice?.allowed ?? [];
  switch (toolChoice?.mode) {
    case 'none':
      return { tools: shown, choice: { type: 'none' } };
    case 'any':
      if (only !== undefined && shown.length === 1) {
        return { tools: shown, choice: { type: 'tool', name: only, ...single } };
      }
      return { tools: shown, choice: { type: 'any', ...single } };
    default:
      if (toolChoice === null && parallelToolCalls !== false) return { tools: shown, choice: null };
      return { tools: shown, choice: { type: 'auto', ...single } };
  }
}
