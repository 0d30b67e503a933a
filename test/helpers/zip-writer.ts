import { constants, crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  name: string;
  data: Buffer | string;
  /** Kept as it is, as the first entry of an EPUB or ODT must be. */
  stored?: boolean;
  /** Marked as encrypted; the data is what it is. */
  encrypted?: boolean;
  /** Data that is deflated already, with what it inflates to. */
  inflated?: { bytes: number; crc: number };
}

/** A ZIP archive. Made for tests: everything is in memory, and names and sizes may lie. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const raw = Buffer.from(entry.data);
    const packed = entry.stored || entry.inflated ? raw : deflateRawSync(raw);
    const name = Buffer.from(entry.name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(entry.encrypted ? 0x801 : 0x800, 2);
    common.writeUInt16LE(entry.stored ? 0 : 8, 4);
    common.writeUInt32LE(entry.inflated?.crc ?? crc32(raw), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(entry.inflated?.bytes ?? raw.length, 18);
    common.writeUInt16LE(name.length, 22);
    bodies.push(Buffer.from('PK\x03\x04', 'latin1'), common, name, packed);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, rest, name);
    offset += 30 + name.length + packed.length;
  }
  const directoryBytes = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directoryBytes.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, directoryBytes, end]);
}

/** An entry that is small and inflates to `bytes` zeros. */
export function zerosEntry(name: string, bytes: number): ZipEntry {
  const chunk = Buffer.alloc(1024 * 1024);
  const chunks = bytes / chunk.length;
  // A final block ends the data; before it, the same block again and again.
  const block = deflateRawSync(chunk, { finishFlush: constants.Z_FULL_FLUSH });
  const last = deflateRawSync(Buffer.alloc(0));
  let crc = 0;
  for (let index = 0; index < chunks; index += 1) crc = crc32(chunk, crc);
  const data = Buffer.concat([...Array<Buffer>(chunks).fill(block), last]);
  return { name, data, inflated: { bytes: chunks * chunk.length, crc } };
}
