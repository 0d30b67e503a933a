/** Pictures and files that a conversation names by their addresses, and who goes and gets them. */
import type { ChatRequest, Media, Message, MessagePart } from '../chat.ts';
import { vendorAddresses } from '../models/vendor-addresses.ts';
import type { ModelProvider, VendorName } from '../models.ts';

export type MediaKind = 'image' | 'file';

export interface NamedMedia {
  kind: MediaKind;
  url: string;
  /** Where in the conversation it is named first. */
  param: string;
}

/** What vendors fetch by themselves. */
const fetchedBy: Partial<Record<VendorName, readonly MediaKind[]>> = {
  albert: ['image'],
  anthropic: ['image', 'file'],
  azure: ['image'],
  gemini: ['image', 'file'],
  mistral: ['image'],
  openai: ['image'],
};

/**
 * Whether a provider may be given an address in place of what is there. One that runs elsewhere than at its vendor may
 * stand in the operator's own network, and would fetch from there whatever a caller names.
 */
export function fetchesItself({ vendor, url }: Pick<ModelProvider, 'vendor' | 'url'>, kind: MediaKind): boolean {
  const isAtVendor = url === null || url === vendorAddresses[vendor] || (vendor === 'azure' && isOfAzure(url));
  return isAtVendor && fetchedBy[vendor]?.includes(kind) === true;
}

/** Every resource of Azure has a name of its own. */
function isOfAzure(url: string): boolean {
  return /^https:\/\/[\w-]+\.(?:openai|cognitiveservices|services\.ai)\.azure\.com(?:\/|$)/.test(url);
}

/** Each address once. */
export function namedMediaIn({ messages }: Pick<ChatRequest, 'messages'>): readonly NamedMedia[] {
  const found = new Map<string, NamedMedia>();
  for (const [index, { parts }] of messages.entries()) {
    for (const [place, part] of parts.entries()) {
      for (const one of part.type === 'tool_result' ? part.parts : [part]) {
        if ((one.type !== 'image' && one.type !== 'file') || one.source.kind !== 'url') continue;
        const { url } = one.source;
        const named = { kind: one.type, url, param: `messages[${index}].content[${place}]` };
        if (!found.has(keyOf(named))) found.set(keyOf(named), named);
      }
    }
  }
  return [...found.values()];
}

/** A picture and a file are different things, also at one address. */
export function keyOf({ kind, url }: Pick<NamedMedia, 'kind' | 'url'>): string {
  return `${kind} ${url}`;
}

/** The conversation with what was fetched in place of its address, by `keyOf`. The rest stays as it is. */
export function withFetched(request: ChatRequest, fetched: ReadonlyMap<string, Media>): ChatRequest {
  const replaced = <Part extends MessagePart>(part: Part): Part => {
    if ((part.type !== 'image' && part.type !== 'file') || part.source.kind !== 'url') return part;
    const source = fetched.get(keyOf({ kind: part.type, url: part.source.url }));
    return source ? { ...part, source } : part;
  };
  const inParts = (part: MessagePart): MessagePart =>
    part.type === 'tool_result' ? { ...part, parts: part.parts.map(replaced) } : replaced(part);
  const inMessage = (message: Message): Message => ({ ...message, parts: message.parts.map(inParts) });
  return { ...request, messages: request.messages.map(inMessage) };
}
