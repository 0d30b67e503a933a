import { type PositionedPage, type Rule, ruleOf, type Word } from '../../src/adapters/parsing/layout/page.ts';

export interface Typesetting {
  /** Font size of a line, where it is not 10; by the number of the line. */
  sizes?: Readonly<Record<number, number>>;
  /** Lines in bold, by number. */
  bold?: readonly number[];
  /** Lines in a monospaced font, by number. */
  monospaced?: readonly number[];
  rules?: readonly Rule[];
}

const characterWidth = 6;
const lineHeight = 12;
const margin = 48;

/**
 * A page as it looks in the source of a test: one string per line, one column per character, lines 12 units apart in a
 * font of 10 units. Two or more spaces are a gap.
 */
export function typeset(lines: readonly string[], options: Typesetting = {}): PositionedPage {
  const words: Word[] = [];
  lines.forEach((line, index) => {
    const size = options.sizes?.[index] ?? 10;
    const baseline = margin + index * lineHeight;
    for (const { 0: text, index: column } of line.matchAll(/\S+/g)) {
      const left = margin + column * characterWidth;
      words.push({
        text,
        left,
        right: left + text.length * characterWidth,
        top: baseline - 0.75 * size,
        bottom: baseline + 0.23 * size,
        baseline,
        size,
        bold: options.bold?.includes(index) ?? false,
        monospaced: options.monospaced?.includes(index) ?? false,
        confidence: null,
        order: words.length,
      });
    }
  });
  const width = 2 * margin + Math.max(...lines.map((line) => line.length)) * characterWidth;
  const height = 2 * margin + lines.length * lineHeight;
  return { width, height, words, rules: [...(options.rules ?? [])], aside: false };
}

/** The y between two lines of a typeset page, for a rule. */
const above = (line: number): number => margin + line * lineHeight - 9;
/** The x before a column of a typeset page, for a rule. */
const before = (column: number): number => margin + column * characterWidth - 3;

export const horizontal = (line: number, from: number, to: number): Rule =>
  ruleOf({ left: before(from), right: before(to), top: above(line), bottom: above(line) });
export const vertical = (column: number, from: number, to: number): Rule =>
  ruleOf({ left: before(column), right: before(column), top: above(from), bottom: above(to) });
