/** The clients that callers bring: the newest major of OpenAI's library and the two before it. */
import OpenAI from 'openai';
import OpenAI5 from 'openai-5';
import OpenAI6 from 'openai-6';
import type { VendorName } from '../../src/core/models.ts';
import type { ChatWire } from '../conformance/provider/wire.ts';
import { chatWires } from '../conformance/provider/wires.ts';

export interface ClientOptions {
  baseURL: string;
  apiKey: string;
}

/** Their shapes are the newest one's, as far as the tests use them. */
export const openAiClients: Record<string, (options: ClientOptions) => OpenAI> = {
  'openai 7': (options) => new OpenAI({ ...options, maxRetries: 0 }),
  'openai 6': (options) => new OpenAI6({ ...options, maxRetries: 0 }) as unknown as OpenAI,
  'openai 5': (options) => new OpenAI5({ ...options, maxRetries: 0 }) as unknown as OpenAI,
};

const vendorsInFront = ['openai', 'vllm', 'anthropic', 'gemini', 'ollama'] as const satisfies readonly VendorName[];

/** The upstreams that every client must work in front of. */
export function upstreams(): { vendor: VendorName; wire: ChatWire }[] {
  return vendorsInFront.map((vendor) => {
    const wire = chatWires[vendor];
    if (!wire) throw new Error(`there is no wire of ${vendor}`);
    return { vendor, wire };
  });
}
