import type { Readable } from 'node:stream';
import type { Entry } from 'yauzl';
import type { DocumentType } from '../../../core/document.ts';
import { unsupported } from '../document-types.ts';
import type { ParsingLimits } from '../limits.ts';
import { withArchive } from './archive.ts';

const maxMediaTypeBytes = 256;

const declaredTypes: readonly (readonly [RegExp, DocumentType])[] = [
  [/^application\/vnd\.oasis\.opendocument\.text(?:-template|-master)?$/, 'odt'],
  [/^application\/epub\+zip$/, 'epub'],
];

/** What kind of document an archive is, by what is in it. */
export function sniffArchive(path: string, limits: ParsingLimits): Promise<DocumentType> {
  return withArchive(path, limits, async (entries, open) => {
    const has = (test: RegExp) => entries.some(({ fileName }) => test.test(fileName));
    if (has(/^\[Content_Types\]\.xml$/i)) return openXmlType(has);
    const declaration = entries.find(({ fileName }) => fileName === 'mimetype');
    if (declaration) return declaredType(await readDeclaration(declaration, open));
    return has(/^META-INF\/container\.xml$/) ? 'epub' : unsupported('a ZIP archive of other files');
  });
}

function openXmlType(has: (test: RegExp) => boolean): DocumentType {
  if (has(/^xl\/workbook\.bin$/i)) return unsupported('a binary Excel workbook (XLSB)');
  if (has(/^word\//i)) return 'docx';
  if (has(/^ppt\//i)) return 'pptx';
  if (has(/^xl\//i)) return 'xlsx';
  return unsupported('an Office file that is no document, presentation or workbook');
}

function declaredType(mediaType: string): DocumentType {
  const type = declaredTypes.find(([test]) => test.test(mediaType))?.[1];
  return type ?? unsupported(/^[\w.+/-]+$/.test(mediaType) ? mediaType : 'a ZIP archive of an unknown kind');
}

async function readDeclaration(entry: Entry, open: (entry: Entry) => Promise<Readable>): Promise<string> {
  let text = '';
  for await (const chunk of await open(entry)) {
    text += chunk;
    if (text.length > maxMediaTypeBytes) break;
  }
  return text.slice(0, maxMediaTypeBytes).trim();
}
