import { fileTypeFromBuffer } from 'file-type';
import type { DocumentType, Inspection } from '../../core/document.ts';
import { documentTypes, unsupported } from './document-types.ts';
import type { FileHint } from './host/messages.ts';
import type { ParsingLimits } from './limits.ts';
import { sniffArchive } from './office/sniff-archive.ts';
import { refuseOldOffice } from './office/sniff-ole.ts';
import { readHead } from './text/encoding.ts';
import { isText, sniffText } from './text/sniff-text.ts';

type FoundType = Pick<Inspection, 'type' | 'mediaType'>;

const headBytes = 64 * 1024;
const images = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/tiff', 'image/avif']);

/** What a file is, by its bytes. Name and media type only decide between the kinds of text, which share theirs. */
export async function sniff(path: string, hint: FileHint, limits: ParsingLimits): Promise<FoundType> {
  const head = await readHead(path, headBytes);
  const starts = (signature: string) => head.toString('latin1', 0, signature.length) === signature;
  if (starts('%PDF-')) return found('pdf');
  if (starts('PK\x03\x04') || starts('PK\x05\x06')) return found(await sniffArchive(path, limits));
  if (starts('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')) return await refuseOldOffice(path);
  if (isText(head)) return found(sniffText(head, hint));
  // Some programs put a line or two before it.
  if (head.subarray(0, 1_024).includes('%PDF-')) return found('pdf');

  const binary = await fileTypeFromBuffer(head);
  if (binary && images.has(binary.mime)) return { type: 'image', mediaType: binary.mime };
  return unsupported(binary?.mime ?? 'of no known type');
}

function found(type: DocumentType): FoundType {
  return { type, mediaType: documentTypes[type].mediaType };
}
