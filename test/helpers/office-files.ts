import { type ZipEntry, zipOf } from './zip-writer.ts';

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const relationships = 'http://schemas.openxmlformats.org/package/2006/relationships';
const officeRelationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const contentTypes = 'http://schemas.openxmlformats.org/package/2006/content-types';
const word = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const drawing = 'http://schemas.openxmlformats.org/drawingml/2006/main';
const slides = 'http://schemas.openxmlformats.org/presentationml/2006/main';
const sheets = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';

function contentTypesOf(parts: Record<string, string>): ZipEntry {
  const overrides = Object.entries(parts).map(
    ([name, type]) => `<Override PartName="/${name}" ContentType="${type}"/>`,
  );
  return {
    name: '[Content_Types].xml',
    data: `${declaration}<Types xmlns="${contentTypes}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${overrides.join('')}</Types>`,
  };
}

/** Relationships by id: the last word of their type, and the target. */
export function relationshipsOf(name: string, targets: Record<string, readonly [string, string]>): ZipEntry {
  const items = Object.entries(targets).map(
    ([id, [type, target]]) => `<Relationship Id="${id}" Type="${officeRelationships}/${type}" Target="${target}"/>`,
  );
  return { name, data: `${declaration}<Relationships xmlns="${relationships}">${items.join('')}</Relationships>` };
}

const wordType = 'application/vnd.openxmlformats-officedocument.wordprocessingml';

/** A Word document with `body`, WordprocessingML. */
export function docxOf(
  body: string,
  extra: { styles?: string; numbering?: string; entries?: ZipEntry[] } = {},
): Buffer {
  return zipOf([
    contentTypesOf({
      'word/document.xml': `${wordType}.document.main+xml`,
      'word/styles.xml': `${wordType}.styles+xml`,
      'word/numbering.xml': `${wordType}.numbering+xml`,
    }),
    relationshipsOf('_rels/.rels', { rId1: ['officeDocument', 'word/document.xml'] }),
    relationshipsOf('word/_rels/document.xml.rels', {
      rId1: ['styles', 'styles.xml'],
      rId2: ['numbering', 'numbering.xml'],
    }),
    {
      name: 'word/document.xml',
      data: `${declaration}<w:document xmlns:w="${word}"><w:body>${body}</w:body></w:document>`,
    },
    { name: 'word/styles.xml', data: `${declaration}<w:styles xmlns:w="${word}">${extra.styles ?? ''}</w:styles>` },
    {
      name: 'word/numbering.xml',
      data: `${declaration}<w:numbering xmlns:w="${word}">${extra.numbering ?? ''}</w:numbering>`,
    },
    ...(extra.entries ?? []),
  ]);
}

/** A paragraph of a Word document, with a style by its id. */
export function wordParagraph(text: string, style?: string): string {
  const properties = style === undefined ? '' : `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`;
  return `<w:p>${properties}<w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
}

/** A table of a Word document. */
export function wordTable(rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => `<w:tc>${wordParagraph(text)}</w:tc>`;
  return `<w:tbl>${rows.map((row) => `<w:tr>${row.map(cell).join('')}</w:tr>`).join('')}</w:tbl>`;
}

export interface Slide {
  title?: string;
  lines?: readonly string[];
  /** A graphic frame or other shape, PresentationML. */
  shape?: string;
}

const slideType = 'application/vnd.openxmlformats-officedocument.presentationml';

/** A PowerPoint presentation. */
export function pptxOf(deck: readonly Slide[], entries: readonly ZipEntry[] = []): Buffer {
  const name = (index: number) => `slide${index + 1}.xml`;
  return zipOf([
    contentTypesOf({
      'ppt/presentation.xml': `${slideType}.presentation.main+xml`,
      ...Object.fromEntries(deck.map((_, index) => [`ppt/slides/${name(index)}`, `${slideType}.slide+xml`])),
    }),
    relationshipsOf('_rels/.rels', { rId1: ['officeDocument', 'ppt/presentation.xml'] }),
    relationshipsOf(
      'ppt/_rels/presentation.xml.rels',
      Object.fromEntries(deck.map((_, index) => [`rId${index + 1}`, ['slide', `slides/${name(index)}`] as const])),
    ),
    {
      name: 'ppt/presentation.xml',
      data: `${declaration}<p:presentation xmlns:p="${slides}" xmlns:r="${officeRelationships}"><p:sldIdLst>${deck.map((_, index) => `<p:sldId id="${256 + index}" r:id="rId${index + 1}"/>`).join('')}</p:sldIdLst></p:presentation>`,
    },
    ...deck.map((slide, index) => ({ name: `ppt/slides/${name(index)}`, data: slideXml(slide) })),
    ...entries,
  ]);
}

function slideXml({ title, lines = [], shape = '' }: Slide): string {
  const paragraphs = (texts: readonly string[]) =>
    texts.map((text) => `<a:p><a:r><a:t>${text}</a:t></a:r></a:p>`).join('');
  const box = (kind: string, texts: readonly string[]) =>
    `<p:sp><p:nvSpPr><p:cNvPr id="1" name="x"/><p:cNvSpPr/><p:nvPr><p:ph type="${kind}"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>${paragraphs(texts)}</p:txBody></p:sp>`;
  const boxes = [
    ...(title === undefined ? [] : [box('title', [title])]),
    ...(lines.length > 0 ? [box('body', lines)] : []),
  ];
  return `${declaration}<p:sld xmlns:p="${slides}" xmlns:a="${drawing}" xmlns:r="${officeRelationships}"><p:cSld><p:spTree>${boxes.join('')}${shape}</p:spTree></p:cSld></p:sld>`;
}

export type SheetCell = string | number | null;

const sheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** An Excel workbook: rows of cells by the name of their sheet; an empty row is one that is not written. */
export function xlsxOf(book: Record<string, readonly (readonly SheetCell[])[]>): Buffer {
  const names = Object.keys(book);
  const file = (index: number) => `worksheets/sheet${index + 1}.xml`;
  return zipOf([
    contentTypesOf({
      'xl/workbook.xml': `${sheetType}.sheet.main+xml`,
      ...Object.fromEntries(names.map((_, index) => [`xl/${file(index)}`, `${sheetType}.worksheet+xml`])),
    }),
    relationshipsOf('_rels/.rels', { rId1: ['officeDocument', 'xl/workbook.xml'] }),
    relationshipsOf(
      'xl/_rels/workbook.xml.rels',
      Object.fromEntries(names.map((_, index) => [`rId${index + 1}`, ['worksheet', file(index)] as const])),
    ),
    {
      name: 'xl/workbook.xml',
      data: `${declaration}<workbook xmlns="${sheets}" xmlns:r="${officeRelationships}"><sheets>${names.map((name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`).join('')}</sheets></workbook>`,
    },
    ...Object.values(book).map((rows, index) => ({
      name: `xl/${file(index)}`,
      data: `${declaration}<worksheet xmlns="${sheets}"><sheetData>${rows.map(rowXml).join('')}</sheetData></worksheet>`,
    })),
  ]);
}

function rowXml(cells: readonly SheetCell[], index: number): string {
  if (cells.length === 0) return '';
  const written = cells.map((cell, column) => cellXml(cell, `${String.fromCharCode(65 + column)}${index + 1}`));
  return `<row r="${index + 1}">${written.join('')}</row>`;
}

function cellXml(cell: SheetCell, place: string): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`;
  return `<c r="${place}" t="inlineStr"><is><t>${cell}</t></is></c>`;
}

/** An OpenDocument text with `body`, the inside of `office:text`. `prolog` stands before the root element. */
export function odtOf(body: string, prolog = ''): Buffer {
  const office = 'urn:oasis:names:tc:opendocument:xmlns';
  return zipOf([
    { name: 'mimetype', data: 'application/vnd.oasis.opendocument.text', stored: true },
    {
      name: 'content.xml',
      data: `<?xml version="1.0" encoding="UTF-8"?>${prolog}<office:document-content xmlns:office="${office}:office:1.0" xmlns:text="${office}:text:1.0" xmlns:table="${office}:table:1.0" office:version="1.3"><office:body><office:text>${body}</office:text></office:body></office:document-content>`,
    },
    {
      name: 'META-INF/manifest.xml',
      data: `<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="${office}:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/></manifest:manifest>`,
    },
  ]);
}

/** An EPUB book of chapters, each the inside of an XHTML body. */
export function epubOf(chapters: readonly string[]): Buffer {
  const file = (index: number) => `chapter${index + 1}.xhtml`;
  return zipOf([
    { name: 'mimetype', data: 'application/epub+zip', stored: true },
    {
      name: 'META-INF/container.xml',
      data: `<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>`,
    },
    {
      name: 'content.opf',
      data: `<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">book</dc:identifier><dc:title>Book</dc:title><dc:language>en</dc:language></metadata><manifest>${chapters.map((_, index) => `<item id="c${index}" href="${file(index)}" media-type="application/xhtml+xml"/>`).join('')}</manifest><spine>${chapters.map((_, index) => `<itemref idref="c${index}"/>`).join('')}</spine></package>`,
    },
    ...chapters.map((body, index) => ({
      name: file(index),
      data: `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><title>Chapter</title></head><body>${body}</body></html>`,
    })),
  ]);
}
