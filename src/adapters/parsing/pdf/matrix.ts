import type { Pdfium, Pointer } from './pdfium.ts';

/** a, b, c, d, e, f as in the PDF reference: x' = a x + c y + e, y' = b x + d y + f. */
export type Matrix = readonly [number, number, number, number, number, number];

export const identity: Matrix = [1, 0, 0, 1, 0, 0];

export const applyMatrix = ([a, b, c, d, e, f]: Matrix, x: number, y: number): readonly [number, number] => [
  a * x + c * y + e,
  b * x + d * y + f,
];

export function multiply(inner: Matrix, outer: Matrix): Matrix {
  const [a, b, c, d, e, f] = inner;
  const [a2, b2, c2, d2, e2, f2] = outer;
  return [
    a * a2 + b * c2,
    a * b2 + b * d2,
    c * a2 + d * c2,
    c * b2 + d * d2,
    e * a2 + f * c2 + e2,
    e * b2 + f * d2 + f2,
  ];
}

export function readMatrix({ exports, view, scratch }: Pdfium, object: Pointer): Matrix {
  if (exports.FPDFPageObj_GetMatrix(object, scratch) === 0) return identity;
  const at = (offset: number) => view().getFloat32(scratch + offset, true);
  return [at(0), at(4), at(8), at(12), at(16), at(20)];
}
