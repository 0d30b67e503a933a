/**
 * Answers that are kept, and conversations that go on from them. An item is one entry of a conversation: a message, a
 * thought, a call of a tool, its result. It is stored as its caller wrote or got it, so that nothing of it is lost;
 * the dialect that owns the shape reads it.
 */

import type { ChatPart, StartPart } from './chat/parts.ts';
import type { ChatRequest, WireRequest } from './chat.ts';
import { assertThat } from './errors.ts';

/** An item before it has an id, in the words of the dialect. */
export interface NewItem {
  type?: string | undefined;
  id?: string | null | undefined;
  [field: string]: unknown;
}

export interface Item extends NewItem {
  type: string;
  id: string;
}

export interface RespondCall {
  /** Its messages stand before all others: the instructions of this answer alone. */
  chat: ChatRequest;
  /** Null when an upstream could not answer alone, e.g. because we keep the answer. */
  wire: WireRequest | null;
  input: readonly NewItem[];
  previousResponseId: string | null;
  conversationId: string | null;
  /** `auto` leaves out the oldest turns of a conversation that is too long for the model. */
  truncation: 'auto' | 'disabled';
  /** Null keeps the answer of everybody who can own one. */
  store: boolean | null;
  /** The checked body of the request, of which the answer repeats parts. */
  body: Record<string, unknown>;
}

/** The answer, as it comes: parts of the model between a start and an end of ours. */
export type RespondPart = Exclude<ChatPart, StartPart> | ResponseStart | ResponseEnd;

export interface ResponseStart extends StartPart {
  stored: boolean;
}

/** The answer is complete and, if it is to be stored, stored. */
interface ResponseEnd {
  type: 'end';
  /** Milliseconds since the epoch. */
  at: number;
}

export interface StoredResponse {
  /** `resp_` and a body that a job's id can have too: an answer that ran as a job has that job's. */
  id: string;
  ownerId: number;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  /** The answer in the words of the dialect, but for its output. */
  response: Record<string, unknown>;
  input: readonly Item[];
  /** With everything that a reader has to ask for. */
  output: readonly Item[];
  /** The answers that this one goes on from, oldest first. */
  ancestors: readonly string[];
}

export interface Conversation {
  id: string;
  ownerId: number;
  /** Milliseconds since the epoch. */
  createdAt: number;
  metadata: Record<string, string>;
}

/** `after` is the id of an item. */
export interface ItemPage {
  limit: number;
  order: 'asc' | 'desc';
  after: string | null;
}

export interface ItemList {
  items: readonly Item[];
  hasMore: boolean;
}

/** What a reader of an answer's events gets: one event of the wire, numbered from 0. */
export interface ResponseEvent {
  type: string;
  sequence_number: number;
  [field: string]: unknown;
}

/** A kept answer as it is now; one that runs on its own is shown from its job. */
export interface ResponseView {
  /** In the words of the dialect, but for its output. */
  response: Record<string, unknown>;
  output: readonly Item[];
  /** Something will still change. */
  isOpen: boolean;
}

/** The page of `items`, which are in ascending order. Throws `invalid_request` for an unknown `after`. */
export function pageOf(items: readonly Item[], { limit, order, after }: ItemPage): ItemList {
  const ordered = order === 'asc' ? items : items.toReversed();
  const before = after === null ? -1 : ordered.findIndex((item) => item.id === after);
  assertThat(after === null || before >= 0, 'invalid_request', `There is no item '${after}' here.`, { param: 'after' });
  return { items: ordered.slice(before + 1, before + 1 + limit), hasMore: ordered.length > before + 1 + limit };
}

/** A job and the answer it makes have one id in two words. */
export function responseIdOf(jobId: string): string {
  return `resp_${idBody(jobId)}`;
}

export function jobIdOf(responseId: string): string {
  return `job_${idBody(responseId)}`;
}

/** An id without the word for what it is the id of. */
export function idBody(id: string): string {
  return id.slice(id.indexOf('_') + 1);
}
