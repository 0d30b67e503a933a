import type { DocumentType } from '../../../core/document.ts';
import { detectDialect } from '../csv/dialect.ts';
import { unsupported } from '../document-types.ts';
import type { FileHint } from '../host/messages.ts';
import { encodingOfMark } from './encoding.ts';

type TextType = Extract<DocumentType, 'html' | 'markdown' | 'text' | 'csv' | 'eml'>;

const extensions: Record<string, TextType> = {
  html: 'html',
  htm: 'html',
  xhtml: 'html',
  md: 'markdown',
  markdown: 'markdown',
  txt: 'text',
  text: 'text',
  log: 'text',
  csv: 'csv',
  tsv: 'csv',
  eml: 'eml',
};
const mediaTypes: Record<string, TextType> = {
  'text/html': 'html',
  'application/xhtml+xml': 'html',
  'text/markdown': 'markdown',
  'text/x-markdown': 'markdown',
  'text/plain': 'text',
  'text/csv': 'csv',
  'application/csv': 'csv',
  'text/tab-separated-values': 'csv',
  'message/rfc822': 'eml',
};
const mailHeaders =
  /^(?:received|return-path|delivered-to|from|to|subject|date|message-id|mime-version|content-type):/i;

/** No file of text has zero bytes (but UTF-16, which says what it is) or more than a stray control character. */
export function isText(head: Buffer): boolean {
  if (encodingOfMark(head) !== null) return true;
  if (head.includes(0)) return false;
  const controls = head.reduce((count, byte) => (isControl(byte) ? count + 1 : count), 0);
  return controls === 0 || (isUtf8(head) && controls <= head.length / 100);
}

function isControl(byte: number): boolean {
  const isSpace = byte >= 0x08 && byte <= 0x0d;
  return byte < 0x20 && !isSpace && byte !== 0x1b;
}

function isUtf8(head: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Which kind of text `head`, the start of a file, is: by what only one kind begins with, else by name, else by looks. */
export function sniffText(head: Buffer, hint: FileHint): TextType {
  const start = new TextDecoder(encodingOfMark(head) ?? 'utf-8').decode(head, { stream: true }).trimStart();
  if (start.startsWith('{\\rtf')) return unsupported('a Rich Text document (RTF); save it as DOCX or PDF');
  const markup = start.replace(/^(?:<\?xml[^>]*>|<!--[\s\S]*?-->|\s)+/, '');
  if (/^(?:<!doctype html|<html[\s>])/i.test(markup)) return 'html';
  if (/^(?:<!doctype svg|<svg[\s>])/i.test(markup)) return unsupported('an SVG drawing');
  const hinted = hintedType(hint);
  const mailLines = countMailHeaders(start);
  if (mailLines >= 3 || (hinted === 'eml' && mailLines > 0)) return 'eml';
  return hinted === null || hinted === 'eml' ? typeByLooks(start) : hinted;
}

/** The name counts before the media type, which programs often guess. */
function hintedType({ name, mediaType }: FileHint): TextType | null {
  const extension = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const bareMediaType = mediaType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return extensions[extension] ?? mediaTypes[bareMediaType] ?? null;
}

/** Header lines that only mail has, before the first empty line. */
function countMailHeaders(start: string): number {
  const lines = start.split(/\r?\n/, 200);
  const end = lines.indexOf('');
  const header = lines.slice(0, end < 0 ? lines.length : end);
  const isHeader = header.every((line) => /^(?:[\w-]+:|[ \t]|From )/.test(line));
  return isHeader ? header.filter((line) => mailHeaders.test(line)).length : 0;
}

function typeByLooks(start: string): TextType {
  if (/^ {0,3}(?:#{1,6} \S|```|\|.*\|[ \t]*\r?\n[ \t]*\|[ \t:|-]+\|)/m.test(start)) return 'markdown';
  return detectDialect(start).regular ? 'csv' : 'text';
}
