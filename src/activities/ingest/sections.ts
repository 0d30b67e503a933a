import type { DocumentPart } from '../../core/document.ts';

/** Long documents are cut and embedded section by section, so that memory is bounded by this and not by the file. */
const targetLength = 1024 * 1024;
/** A part that goes on for longer is cut between its blocks. */
const maxLength = 4 * targetLength;
/** Between blocks, and so between sections. */
export const blockGap = '\n\n';

/** A stretch of the document's Markdown. Sections joined by a blank line are the whole. */
export interface Section {
  text: string;
  /** Offset of `text` in the whole, in UTF-16 units. */
  start: number;
  /** Where parts begin within `text`, in order; the first entry is at 0. */
  parts: { number: number; start: number }[];
}

/** The document's Markdown in sections that end with a part wherever that is possible. */
export async function* sectionsOf(parts: AsyncIterable<DocumentPart>): AsyncIterable<Section> {
  let section: Section = { text: '', start: 0, parts: [] };
  function next(): Section {
    return { text: '', start: section.start + section.text.length + blockGap.length, parts: [] };
  }
  for await (const part of parts) {
    for (const block of part.blocks) {
      if (section.text.length >= maxLength) {
        yield section;
        section = next();
      }
      if (section.text !== '') section.text += blockGap;
      if (section.parts.at(-1)?.number !== part.number) {
        section.parts.push({ number: part.number, start: section.text.length });
      }
      section.text += block.markdown;
    }
    if (section.text.length >= targetLength) {
      yield section;
      section = next();
    }
  }
  if (section.text !== '') yield section;
}

/** The first and last part that the characters from `start` to `end` of a section were taken from. */
export function partsOf(section: Section, start: number, end: number): { fromPart: number; toPart: number } {
  const begun = section.parts.filter((part) => part.start < end);
  const last = begun.at(-1) ?? section.parts[0];
  const first = begun.findLast((part) => part.start <= start) ?? begun[0] ?? last;
  return { fromPart: first?.number ?? 1, toPart: last?.number ?? 1 };
}
