import { z } from 'zod';
import type { Conversation } from '../../../core/response.ts';
import { labels } from '../labels.ts';
import { conversationItem } from '../responses/input-items.ts';

export const conversationParams = z.object({ id: z.string() });
export const itemParams = z.object({ id: z.string(), item_id: z.string() });

/** As many at once as OpenAI takes. */
export const newItems = z.array(conversationItem).max(20);

export const conversationSchema = z
  .object({ id: z.string(), object: z.literal('conversation'), created_at: z.int(), metadata: labels })
  .meta({ id: 'Conversation', description: 'Items that responses go on from and add to.' });

export function presentConversation({ id, createdAt, metadata }: Conversation) {
  return { id, object: 'conversation' as const, created_at: Math.floor(createdAt / 1000), metadata };
}
