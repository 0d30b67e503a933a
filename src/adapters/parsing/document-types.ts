import type { DocumentType } from '../../core/document.ts';
import { GatewayError } from '../../core/errors.ts';

/** Media types by which we report what we found, and names for sentences. Images report the type of their bytes. */
export const documentTypes: Record<DocumentType, { mediaType: string; name: string }> = {
  pdf: { mediaType: 'application/pdf', name: 'a PDF file' },
  image: { mediaType: 'image/*', name: 'an image' },
  docx: {
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    name: 'a Word document (DOCX)',
  },
  pptx: {
    mediaType: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    name: 'a PowerPoint presentation (PPTX)',
  },
  xlsx: {
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    name: 'an Excel workbook (XLSX)',
  },
  odt: { mediaType: 'application/vnd.oasis.opendocument.text', name: 'an OpenDocument text (ODT)' },
  epub: { mediaType: 'application/epub+zip', name: 'an EPUB book' },
  html: { mediaType: 'text/html', name: 'an HTML page' },
  markdown: { mediaType: 'text/markdown', name: 'a Markdown file' },
  text: { mediaType: 'text/plain', name: 'a text file' },
  csv: { mediaType: 'text/csv', name: 'a CSV file' },
  eml: { mediaType: 'message/rfc822', name: 'an e-mail message (EML)' },
};

const acceptedFormats =
  'PDF, DOCX, PPTX, XLSX, ODT, EPUB, HTML, Markdown, text, CSV, EML, PNG, JPEG, WebP, GIF, TIFF or AVIF';

/** Refuses a file; `what` completes "The file is". */
export function unsupported(what: string): never {
  throw new GatewayError('unsupported_media_type', `The file is ${what}; expected ${acceptedFormats}.`);
}
