/**
 * Fields with which a gateway behind us (OpenRouter, LiteLLM) is told to ask another model than the request names, to
 * ask elsewhere, or to run what costs extra. Which model answers is for its router here to say.
 */
const routingFields = [
  'api_base',
  'base_url',
  'content_policy_fallbacks',
  'context_window_fallbacks',
  'custom_llm_provider',
  'fallbacks',
  'model_list',
  'models',
  'plugins',
  'preset',
  'provider',
  'route',
  'transforms',
  'user_config',
  'web_search_options',
] as const;

/** Whether a body may reach a gateway as it is without changing who answers it. */
export function leavesRoutingAlone(body: Readonly<Record<string, unknown>>): boolean {
  return routingFields.every((field) => !Object.hasOwn(body, field));
}
