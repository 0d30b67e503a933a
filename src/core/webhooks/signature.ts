/** The headers of a message: Standard Webhooks 1.0. */

/** What a message is proven by. `signature` is a list with spaces between, one `v1,…` or `v1a,…` each. */
export interface WebhookProof {
  /** The event's, the same on every attempt: what receivers know a repetition by. */
  id: string;
  /** Of this attempt; Unix seconds. */
  timestamp: number;
  signature: string;
}

/** With the number of the attempt, from 1: a convenience, outside of what is signed. */
export function webhookHeaders({ id, timestamp, signature }: WebhookProof, attempt: number): Record<string, string> {
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signature,
    'webhook-attempt': String(attempt),
  };
}

/** What is signed stands before the bytes of the body. Neither part contains a dot, so nothing can be moved between. */
export function signedPrefix(id: string, timestamp: number): string {
  return `${id}.${timestamp}.`;
}
