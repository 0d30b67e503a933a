/** The first `dimensions` values, scaled back to unit length. */
export function shorten(vector: Float32Array, dimensions: number): Float32Array {
  return toUnitLength(vector.subarray(0, dimensions));
}

/** A vector without direction stays as it is. */
export function toUnitLength(vector: ArrayLike<number>): Float32Array {
  const values = Float64Array.from(vector);
  const length = Math.hypot(...values) || 1;
  return Float32Array.from(values, (value) => value / length);
}

/** The vector's bytes as they lie in memory: little-endian floats, as the field's clients expect them. */
export function base64OfFloats(vector: Float32Array): string {
  const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
