import { GatewayError } from '../../core/errors.ts';
import { toUnitLength } from '../../core/vectors.ts';

/** The vectors in an upstream's answer, at unit length. Throws `upstream_error` unless there is one for each text. */
export function unitVectors(lists: readonly unknown[], count: number): readonly Float32Array[] {
  const vectors = lists.flatMap((list) => (isNumbers(list) ? [toUnitLength(list)] : []));
  if (vectors.length === count) return vectors;
  throw new GatewayError('upstream_error', "The model's provider gave an answer that cannot be read.", {
    cause: new Error(`${vectors.length} vectors for ${count} texts`),
  });
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'number');
}
