import { createReadStream } from 'node:fs';
import { GatewayError } from '../../../core/errors.ts';
import { unsupported } from '../document-types.ts';
import { refuseEncrypted } from './archive.ts';

/** Streams that only one kind of file has. Their names stand in the directory of the file, in UTF-16. */
const kinds: readonly (readonly [string, string])[] = [
  ['WordDocument', 'an old Word document (DOC); save it as DOCX or PDF'],
  ['Workbook', 'an old Excel workbook (XLS); save it as XLSX'],
  ['PowerPoint Document', 'an old PowerPoint presentation (PPT); save it as PPTX or PDF'],
  ['__properties_version1.0', 'an Outlook message (MSG); save it as EML'],
];
const encryptedPackage = 'EncryptedPackage';
const longestNameBytes = 64;

/** Names the format of a file in the container that office programs used before 2007, or that hides a newer one. */
export async function refuseOldOffice(path: string): Promise<never> {
  const names = [encryptedPackage, ...kinds.map(([name]) => name)];
  const seen = await findNames(path, names);
  if (seen.has(encryptedPackage)) refuseEncrypted();
  const kind = kinds.find(([name]) => seen.has(name))?.[1];
  if (kind === undefined) return unsupported('in the format of Office programs before 2007');
  throw new GatewayError('unsupported_media_type', `The file is ${kind}.`);
}

async function findNames(path: string, names: readonly string[]): Promise<Set<string>> {
  const seen = new Set<string>();
  let tail = Buffer.alloc(0);
  for await (const chunk of createReadStream(path)) {
    const window = Buffer.concat([tail, chunk]);
    for (const name of names) if (window.includes(name, 0, 'utf16le')) seen.add(name);
    tail = window.subarray(-longestNameBytes);
  }
  return seen;
}
