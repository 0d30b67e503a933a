import { foldedName } from './unlisted-fields.ts';

/**
 * Fields with which a gateway behind us (OpenRouter, LiteLLM) is told to ask another model than the request names, to
 * ask elsewhere, or to run what costs extra, and a server of models (vLLM, SGLang) to get something from elsewhere.
 * Which model answers is for its router here to say.
 */
const routingFields = new Set([
  'api_base',
  'base_url',
  'content_policy_fallbacks',
  'context_window_fallbacks',
  'custom_llm_provider',
  'ec_transfer_params',
  'extra_body',
  'extra_headers',
  'extra_query',
  'fallbacks',
  'kv_transfer_params',
  'lora_path',
  'model_list',
  'models',
  'plugins',
  'preset',
  'provider',
  'route',
  'transforms',
  'user_config',
  'web_search_options',
]);

/** What such fields are called that nobody has heard of yet. */
const addressWords = /url|host|endpoint|api_?base/;

/** Goes to the processor of pictures as it is, which fetches those that are named. */
const processorField = 'mm_processor_kwargs';

/** Whether a body may reach its upstream as it is without changing who answers it. */
export function leavesRoutingAlone(body: Readonly<Record<string, unknown>>, known: ReadonlySet<string>): boolean {
  return Object.keys(body).every((name) => {
    if (routingFields.has(name)) return false;
    if (known.has(name)) return true;
    const folded = foldedName(name);
    if (known.has(folded) || routingFields.has(folded) || addressWords.test(folded)) return false;
    return folded !== processorField || !holdsText(body[name]);
  });
}

function holdsText(value: unknown): boolean {
  if (typeof value === 'string') return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsText);
}
