import type { Delivery } from '../../core/webhook.ts';

/** Brings to their receivers what is stored as pending. */
export interface Deliveries {
  /** Begins to send a delivery that is stored and due. Returns at once; what it misses, the sweep finds. */
  soon(delivery: Delivery): void;
}
