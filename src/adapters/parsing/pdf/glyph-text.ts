const superscripts = new Map(
  [...'0123456789+-=()n'].map((plain, index) => [plain, [...'⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ'][index] ?? plain]),
);
const subscripts = new Map(
  [...'0123456789+-=()'].map((plain, index) => [plain, [...'₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎'][index] ?? plain]),
);

/** Characters of symbol fonts that PDFs name by private-use code points, and what they show. */
const symbols = new Map([
  [0xf0b7, '•'],
  [0xf0a7, '▪'],
  [0xf0d8, '➢'],
  [0xf0fc, '✓'],
  [0xf0a8, '▫'],
  [0xf06f, '□'],
  [0xf0e0, '→'],
  [0xf02d, '-'],
]);

const isPresentationForm = (codePoint: number): boolean =>
  (codePoint >= 0xfb00 && codePoint <= 0xfdff) || (codePoint >= 0xfe70 && codePoint <= 0xfefc);

/** What a glyph says: ligatures taken apart, invisible characters left out. */
export function textOfGlyph(codePoint: number, hyphen: boolean): string {
  if (hyphen) return '\u00ad';
  if (codePoint < 0x20 || (codePoint >= 0x7f && codePoint <= 0x9f)) return '';
  if (codePoint === 0x200b || codePoint === 0xfeff || codePoint > 0x10ffff) return '';
  const text = String.fromCodePoint(codePoint);
  if (isPresentationForm(codePoint)) return text.normalize('NFKC');
  return symbols.get(codePoint) ?? text;
}

/** Raised or lowered digits as the characters made for it; any other text as it is. */
export function shift(text: string, raised: boolean): string {
  const table = raised ? superscripts : subscripts;
  const shifted = [...text].map((character) => table.get(character));
  return shifted.includes(undefined) ? text : shifted.join('');
}
