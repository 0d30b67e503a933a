import { shorten, toUnitLength } from '../../core/vectors.ts';
import { malformedAnswer } from './ask.ts';
import type { Vendor, VendorCall } from './vendor.ts';

/** Of unit length, and as short as was asked also from a vendor that does not shorten. */
export function toVectors(
  rows: readonly (readonly number[])[],
  expected: number,
  dimensions: number | null,
): Float32Array[] {
  const length = rows[0]?.length;
  if (rows.length !== expected || rows.some((row) => row.length !== length)) {
    throw malformedAnswer(new Error(`expected ${expected} vectors of one length, got ${rows.length}`));
  }
  const vectors = rows.map(toUnitLength);
  return dimensions === null ? vectors : vectors.map((vector) => shorten(vector, dimensions));
}

/** How long a model's vectors are, asked by having one made. */
export async function vectorSizeOf(call: VendorCall, embed: Vendor['embed']): Promise<number | null> {
  const embeddings = await embed?.({ ...call, texts: ['hello world'], dimensions: null });
  return embeddings?.vectors[0]?.length ?? null;
}
