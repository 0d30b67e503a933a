import type { DocumentType } from '../../core/document.ts';
import type { FormatReader } from './format.ts';

/** Who reads what. A reader and its libraries are loaded when the first file of its format comes. */
export const readers: Record<DocumentType, () => Promise<FormatReader>> = {
  pdf: async () => (await import('./pdf/reader.ts')).pdfReader,
  image: async () => (await import('./ocr/image-reader.ts')).imageReader,
  docx: async () => (await import('./office/office-readers.ts')).docxReader,
  pptx: async () => (await import('./office/office-readers.ts')).pptxReader,
  xlsx: async () => (await import('./office/office-readers.ts')).xlsxReader,
  odt: async () => (await import('./office/office-readers.ts')).odtReader,
  epub: async () => (await import('./office/office-readers.ts')).epubReader,
  html: async () => (await import('./html/html-reader.ts')).htmlReader,
  markdown: async () => (await import('./markdown/markdown-reader.ts')).markdownReader,
  text: async () => (await import('./text/text-reader.ts')).textReader,
  csv: async () => (await import('./csv/csv-reader.ts')).csvReader,
  eml: async () => (await import('./email/eml-reader.ts')).emlReader,
};
