/** A bullet or number at the start of a line. */
export interface Marker {
  /** As Markdown writes it: `-`, or `3.`. */
  mark: string;
  /** The number of an ordered item; null of a bullet. */
  number: number | null;
  /** Where the text of the item begins. */
  textStart: number;
}

const bullet = /^(?:[•◦‣⁃∙●○■□▪▫◾◆◇➢➤►▶✓✔–—*·o-])\s+(?=\S)/u;
const bareBullet = /^[•◦‣⁃∙●■▪▫◾◆➢➤►✓✔]\s*(?=\S)/u;
const ordered = /^(?:\((\d{1,3})\)|(\d{1,3})[.)])\s+(?=\S)/;

/** Reads the marker of a list item; `o`, `-` and the like count only when a space follows. */
export function markerOf(text: string): Marker | null {
  const number = ordered.exec(text);
  if (number !== null) {
    const value = Number(number[1] ?? number[2]);
    return { mark: `${value}.`, number: value, textStart: number[0].length };
  }
  const point = bareBullet.exec(text) ?? bullet.exec(text);
  return point === null ? null : { mark: '-', number: null, textStart: point[0].length };
}
