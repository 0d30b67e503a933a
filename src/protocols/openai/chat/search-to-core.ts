import type { ChatSearch } from '../../../core/chat.ts';
import { GatewayError } from '../../../core/errors.ts';
import { toSearch } from '../../opengate/search/search-fields.ts';
import type { ChatBody } from './request-schema.ts';

/** The search that is asked for by a tool of type `search`, or the older way; undefined for none. */
export function toChatSearch(body: ChatBody): ChatSearch | undefined {
  const tools = body.tools?.filter((tool) => tool.type === 'search') ?? [];
  const index = body.tools?.findLastIndex((tool) => tool.type === 'search');
  if (tools.length > 1) {
    const message = `tools[${index}]: Expected at most one tool of type 'search', got ${tools.length}.`;
    throw new GatewayError('invalid_request', message, { param: `tools[${index}]` });
  }
  const [tool] = tools;
  if (tool) return toSearch(tool);
  if (body.search !== true) return undefined;
  if (body.search_args) return toSearch(body.search_args);
  throw new GatewayError('invalid_request', 'search_args: search_args is required when search is True', {
    param: 'search_args',
  });
}
