/** What each vendor speaks, for the suites. A vendor that converses or embeds over HTTP adds its line. */
import type { VendorName } from '../../../src/core/models.ts';
import { openAiLikeChat, openAiLikeEmbeddings } from './openai-like/wires.ts';
import type { ChatWire, EmbeddingWire } from './wire.ts';

export const chatWires: Partial<Record<VendorName, ChatWire>> = { ...openAiLikeChat };

export const embeddingWires: Partial<Record<VendorName, EmbeddingWire>> = { ...openAiLikeEmbeddings };
