import { DOMParser } from 'linkedom';
import type { OfficeContentNode } from 'officeparser';
import type { ParsingLimits } from '../limits.ts';
import { readEntryText } from './archive.ts';

/** What a paragraph style makes of a paragraph, apart from its looks. */
interface StyleMeaning {
  /** 1 to 9 for a heading, else 0. */
  headingLevel: number;
  listKind: 'ordered' | 'unordered' | null;
  listId: string;
}

interface XmlParent {
  getElementsByTagName(name: string): ArrayLike<XmlElement>;
}

interface XmlElement extends XmlParent {
  getAttribute(name: string): string | null;
}

/** Styles inherit, in a chain no longer than this. */
const maxInheritance = 16;

/**
 * Gives the paragraphs of a Word document the meaning of their style: the library knows headings by the English ids of
 * their styles, and lists only where the paragraph itself is numbered.
 */
export async function applyWordStyles(
  content: readonly OfficeContentNode[],
  path: string,
  limits: ParsingLimits,
): Promise<OfficeContentNode[]> {
  const numbering = parseXml(await readEntryText(path, 'word/numbering.xml', limits));
  const styles = readStyles(parseXml(await readEntryText(path, 'word/styles.xml', limits)), bulletLists(numbering));
  const itemsSeen = new Map<string, number>();
  return content.map((node): OfficeContentNode => {
    if (node.type !== 'paragraph' && node.type !== 'list') return node;
    const { type: _type, metadata, ...paragraph } = node;
    const meaning = styles.get(metadata?.style ?? '');
    if (meaning !== undefined && meaning.headingLevel > 0) {
      return { ...paragraph, type: 'heading', metadata: { level: meaning.headingLevel } };
    }
    // A list of this id is Word's way to say that the paragraph is in none, whatever its style says.
    if (node.type === 'list') return node.metadata?.listId === '0' ? { ...paragraph, type: 'paragraph' } : node;
    if (meaning === undefined || meaning.listKind === null) return node;
    const { listKind, listId } = meaning;
    const itemIndex = itemsSeen.get(listId) ?? 0;
    itemsSeen.set(listId, itemIndex + 1);
    const item = { listType: listKind, listId, itemIndex, indentation: 0, alignment: 'left' } as const;
    return { ...paragraph, type: 'list', metadata: item };
  });
}

/** Ids of the lists whose first level has bullets. */
function bulletLists(numbering: XmlParent): Set<string> {
  const bullets = new Set<string>();
  for (const definition of all(numbering, 'w:abstractNum')) {
    const format = value(first(definition, 'w:lvl'), 'w:numFmt');
    if (format === 'bullet') bullets.add(definition.getAttribute('w:abstractNumId') ?? '');
  }
  const used = all(numbering, 'w:num').filter((list) => bullets.has(value(list, 'w:abstractNumId') ?? ''));
  return new Set(used.map((list) => list.getAttribute('w:numId') ?? ''));
}

function readStyles(styles: XmlParent, bullets: ReadonlySet<string>): Map<string, StyleMeaning> {
  const byId = new Map(all(styles, 'w:style').map((style) => [style.getAttribute('w:styleId') ?? '', style]));
  const inherited = (id: string, read: (style: XmlElement) => string | null): string | null => {
    let style = byId.get(id);
    for (let steps = 0; style !== undefined && steps < maxInheritance; steps += 1) {
      const found = read(style);
      if (found !== null) return found;
      style = byId.get(value(style, 'w:basedOn') ?? '');
    }
    return null;
  };
  return new Map(
    [...byId].map(([id, style]) => {
      const outline = inherited(id, (each) => value(each, 'w:outlineLvl'));
      const listId = inherited(id, (each) => value(first(each, 'w:numPr'), 'w:numId')) ?? '0';
      const listKind = listId === '0' ? null : bullets.has(listId) ? 'unordered' : 'ordered';
      return [id, { headingLevel: headingLevel(value(style, 'w:name') ?? '', outline), listKind, listId }];
    }),
  );
}

/** Word keeps the English name of a built-in style in every language; level 9 of an outline is body text. */
function headingLevel(name: string, outline: string | null): number {
  if (/^title$/i.test(name)) return 1;
  const named = /^heading ([1-9])$/i.exec(name)?.[1];
  if (named !== undefined) return Number(named);
  return outline !== null && Number(outline) < 9 ? Number(outline) + 1 : 0;
}

function parseXml(text: string | null): XmlParent {
  return new DOMParser().parseFromString(text ?? '<none/>', 'text/xml');
}

function all(element: XmlParent, name: string): XmlElement[] {
  return Array.from(element.getElementsByTagName(name));
}

function first(element: XmlParent, name: string): XmlElement | undefined {
  return element.getElementsByTagName(name)[0];
}

function value(element: XmlElement | undefined, name: string): string | null {
  return element === undefined ? null : (first(element, name)?.getAttribute('w:val') ?? null);
}
