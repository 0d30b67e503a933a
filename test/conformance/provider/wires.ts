/** What each vendor speaks, for the suites. A vendor that converses or embeds over HTTP adds its line. */
import type { VendorName } from '../../../src/core/models.ts';
import { anthropicChat } from './anthropic.ts';
import { geminiChat, geminiEmbeddings } from './gemini.ts';
import { ollamaChat, ollamaEmbeddings } from './ollama.ts';
import { openAiLikeChat, openAiLikeEmbeddings } from './openai-like/wires.ts';
import type { ChatWire, EmbeddingWire } from './wire.ts';

export const chatWires: Partial<Record<VendorName, ChatWire>> = {
  ...openAiLikeChat,
  anthropic: anthropicChat,
  gemini: geminiChat,
  ollama: ollamaChat,
};

export const embeddingWires: Partial<Record<VendorName, EmbeddingWire>> = {
  ...openAiLikeEmbeddings,
  gemini: geminiEmbeddings,
  ollama: ollamaEmbeddings,
};
