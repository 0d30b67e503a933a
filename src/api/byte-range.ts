import type { ByteRange } from '../core/blob.ts';

/**
 * The one range of a `Range` header within `length` bytes. Null when there is none, or several, or another unit: all
 * of these are answered as a whole. `unsatisfiable` when the range begins behind the end.
 */
export function parseRange(header: string, length: number): ByteRange | 'unsatisfiable' | null {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim()) ?? [];
  if (first === '' && last === '') return null;
  const from = first === '' ? Math.max(0, length - Number(last)) : Number(first);
  const to = first === '' || last === '' ? length - 1 : Math.min(Number(last), length - 1);
  if (first !== '' && last !== '' && Number(last) < from) return null;
  return from >= length || (first === '' && Number(last) === 0) ? 'unsatisfiable' : { from, to };
}
