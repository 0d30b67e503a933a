/** What passes between the gateway and its model process. Both ends have ids of calls in common, nothing else. */
export type ToEncoder = { type: 'encode'; id: number; texts: readonly string[] } | { type: 'cancel'; id: number };

/** `values` holds one vector after the other, in the order of the texts. */
export type FromEncoder =
  | { type: 'encoded'; id: number; values: Float32Array; tokens: number }
  | { type: 'failed'; id: number; reason: string };
