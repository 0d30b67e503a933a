import { type Box, heightOf, widthOf } from './geometry.ts';

/** A word where it stands on a page, whether it was read from a PDF or recognised in an image. */
export interface Word extends Box {
  text: string;
  /** The y on which its letters stand. */
  baseline: number;
  /** Font size, the height of an em; `top` and `bottom` are derived from it and need not touch the ink. */
  size: number;
  bold: boolean;
  /** Every letter as wide as every other. */
  monospaced: boolean;
  /** Certainty of its recognition, 0 to 1; null when it was read and not recognised. */
  confidence: number | null;
  /** Where the source names it among the words of its page: the order of words in a right-to-left line. */
  order: number;
}

/** A straight horizontal or vertical line, as drawn around the cells of a table. */
export interface Rule extends Box {
  horizontal: boolean;
}

export const ruleOf = (box: Box): Rule => ({ ...box, horizontal: widthOf(box) >= heightOf(box) });

/** What layout is made from: the words and rules of one page, upright. */
export interface PositionedPage {
  width: number;
  height: number;
  words: Word[];
  rules: Rule[];
  /** Text that runs across the page, as a stamp or a watermark: it has no headings. */
  aside: boolean;
}
