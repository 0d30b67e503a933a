import type { Message } from '../chat.ts';
import type { ChatAnswer } from './answer.ts';

/** A conversation that its caller asked to keep, with the answer it got. */
export interface StoredChat {
  /** The answer's: of the request, without a dialect's prefix. */
  id: string;
  ownerId: number;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** Deleted from then on. */
  expiresAt: number;
  /** The name the caller used. */
  model: string;
  /** The caller's own labels. */
  metadata: Record<string, string>;
  messages: readonly Message[];
  answer: ChatAnswer;
}

export interface StoredChatQuery {
  model: string | null;
  /** All pairs must match. */
  metadata: Record<string, string>;
  /** By time of creation. */
  order: 'asc' | 'desc';
  /** Answers what follows the chat of this id in that order. */
  after: string | null;
  limit: number;
}

export interface StoredChatList {
  chats: readonly StoredChat[];
  hasMore: boolean;
}
