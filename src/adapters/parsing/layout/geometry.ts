/** A rectangle in the units of its page (points of a PDF, pixels of an image); y grows downwards. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export function unite(boxes: readonly Box[]): Box {
  const united = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const box of boxes) {
    united.left = Math.min(united.left, box.left);
    united.top = Math.min(united.top, box.top);
    united.right = Math.max(united.right, box.right);
    united.bottom = Math.max(united.bottom, box.bottom);
  }
  return united;
}

export const widthOf = (box: Box): number => box.right - box.left;
export const heightOf = (box: Box): number => box.bottom - box.top;
export const area = (box: Box): number => widthOf(box) * heightOf(box);
export const centreX = (box: Box): number => (box.left + box.right) / 2;
export const centreY = (box: Box): number => (box.top + box.bottom) / 2;

/** Length that two ranges share; negative is the gap between them. */
export const overlap = (fromA: number, toA: number, fromB: number, toB: number): number =>
  Math.min(toA, toB) - Math.max(fromA, fromB);

/** The value in the middle; 0 of nothing. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value that `share` of all values do not exceed; 0 of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
