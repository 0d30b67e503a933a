import { type PageSpace, toBox } from './page-space.ts';
import type { Pdfium, Pointer } from './pdfium.ts';

/** What all glyphs of one text object have in common. */
interface GlyphStyle {
  /** Height of an em in points, as shown. */
  size: number;
  bold: boolean;
  monospaced: boolean;
  /** Direction in which the text runs as shown, counter-clockwise from left-to-right, in radians. */
  angle: number;
}

/** One character of the text layer. PDFium also names characters that it inferred: spaces and line ends. */
export interface Glyph {
  codePoint: number;
  /** A hyphen at which a word was divided between lines. */
  hyphen: boolean;
  /** Where it stands (start of its baseline), as shown. */
  x: number;
  y: number;
  /** Its advance and line height, as shown. */
  left: number;
  top: number;
  right: number;
  bottom: number;
  style: GlyphStyle;
}

export interface TextLayer {
  glyphs: Glyph[];
  /** Characters that are not white space. */
  characters: number;
  /** Of those, how many have no meaning: no entry in the font's Unicode map, or one in a private-use area. */
  unmapped: number;
}

const nameBytes = 128;
const fixedPitch = 1;
const boldWeight = 600;
const boldName = /bold|black|heavy|semibold|demi|medi$|CMBX|CMSSBX|CMB\d/i;
const monospacedName = /mon[lo]|courier|consol|typewriter|menlo|inconsolata|terminal|fixed|CM(?:SL)?TT|SFTT|code/i;

function readStyle(pdfium: Pdfium, text: Pointer, index: number, space: PageSpace, name: Pointer): GlyphStyle {
  const { exports, scratch } = pdfium;
  exports.FPDFText_GetMatrix(text, index, scratch);
  const nameLength = exports.FPDFText_GetFontInfo(text, index, name, nameBytes, scratch + 24);
  const weight = exports.FPDFText_GetFontWeight(text, index);
  const view = pdfium.view();
  const [a, b, c, d] = [0, 4, 8, 12].map((offset) => view.getFloat32(scratch + offset, true));
  const flags = view.getUint32(scratch + 24, true);
  const known = nameLength > 0 && nameLength <= nameBytes;
  const font = known ? Buffer.from(pdfium.bytes().subarray(name, name + nameLength - 1)).toString() : '';
  const quarter = Math.PI / 2;
  return {
    size: exports.FPDFText_GetFontSize(text, index) * Math.hypot(c ?? 0, d ?? 1),
    bold: weight >= boldWeight || boldName.test(font),
    monospaced: (flags & fixedPitch) !== 0 || monospacedName.test(font),
    angle: Math.atan2(b ?? 0, a ?? 1) - space.quarterTurns * quarter,
  };
}

const isSpace = (codePoint: number): boolean =>
  codePoint === 0x20 || codePoint === 0xa0 || (codePoint >= 0x09 && codePoint <= 0x0d) || codePoint === 0x3000;

const isPrivateUse = (codePoint: number): boolean =>
  (codePoint >= 0xe000 && codePoint <= 0xf8ff) || codePoint >= 0xf0000;

const isMeaningless = (codePoint: number): boolean => codePoint < 0x20 || codePoint === 0xfffd;

/** A code point that PDFium hands out as two UTF-16 halves. */
function readCodePoint(pdfium: Pdfium, text: Pointer, index: number): { codePoint: number; units: number } {
  const unit = pdfium.exports.FPDFText_GetUnicode(text, index);
  if (unit < 0xd800 || unit > 0xdbff) return { codePoint: unit, units: 1 };
  const low = pdfium.exports.FPDFText_GetUnicode(text, index + 1);
  if (low < 0xdc00 || low > 0xdfff) return { codePoint: 0xfffd, units: 1 };
  return { codePoint: (unit - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000, units: 2 };
}

/** Reads the characters of a text page in the order in which PDFium names them. */
export function readTextLayer(pdfium: Pdfium, text: Pointer, space: PageSpace): TextLayer {
  const { exports, scratch } = pdfium;
  const count = exports.FPDFText_CountChars(text);
  const name = exports.malloc(nameBytes);
  const styles = new Map<Pointer, GlyphStyle>();
  const layer: TextLayer = { glyphs: [], characters: 0, unmapped: 0 };
  for (let index = 0; index < count; ) {
    const at = index;
    const { codePoint, units } = readCodePoint(pdfium, text, at);
    index += units;
    const hyphen = exports.FPDFText_IsHyphen(text, at) === 1;
    if (!hyphen && isSpace(codePoint)) {
      const last = layer.glyphs.at(-1);
      if (last !== undefined) layer.glyphs.push({ ...last, codePoint: 0x20, hyphen: false });
      continue;
    }
    const object = exports.FPDFText_GetTextObject(text, at);
    const style = styles.get(object) ?? readStyle(pdfium, text, at, space, name);
    styles.set(object, style);
    layer.characters += 1;
    const mapped = exports.FPDFText_HasUnicodeMapError(text, at) !== 1;
    if (!hyphen && (!mapped || isMeaningless(codePoint) || isPrivateUse(codePoint))) layer.unmapped += 1;
    exports.FPDFText_GetLooseCharBox(text, at, scratch);
    exports.FPDFText_GetCharOrigin(text, at, scratch + 16, scratch + 24);
    const view = pdfium.view();
    const float = (offset: number) => view.getFloat32(scratch + offset, true);
    const box = toBox(space, float(0), float(4), float(8), float(12));
    const originX = view.getFloat64(scratch + 16, true);
    const originY = view.getFloat64(scratch + 24, true);
    const [x, y] = [space.toX(originX, originY), space.toY(originX, originY)];
    layer.glyphs.push({ codePoint, hyphen, x, y, ...box, style });
  }
  exports.free(name);
  return layer;
}
