import type { ServerResponse } from 'node:http';

const lineEnd = '\r\n';
const lastChunk = '0\r\n\r\n';

/** The body of a response whose head is written. `write` answers false when its reader is slower. */
export interface ChunkedBody {
  write(data: string | Uint8Array): boolean;
  end(): void;
}

/**
 * Puts each write into one chunk of its own making. Node hands size, data and line ends of a chunk to the system as a
 * list of four, which costs a token of a stream more than all else that is done for it.
 */
export function openChunkedBody(res: ServerResponse): ChunkedBody {
  // A client of HTTP/1.0 gets no chunks; its body ends with the connection.
  if (!res.chunkedEncoding) return { write: (data) => res.write(data), end: () => void res.end() };
  res.chunkedEncoding = false;
  return {
    // A chunk of nothing would be the last one.
    write: (data) => data.length === 0 || res.write(chunkOf(data)),
    end() {
      if (res.writableEnded || res.destroyed) return;
      res.end(lastChunk);
    },
  };
}

function chunkOf(data: string | Uint8Array): Buffer {
  const length = typeof data === 'string' ? Buffer.byteLength(data) : data.length;
  const size = length.toString(16) + lineEnd;
  const chunk = Buffer.allocUnsafe(size.length + length + lineEnd.length);
  chunk.write(size, 'latin1');
  if (typeof data === 'string') chunk.write(data, size.length);
  else chunk.set(data, size.length);
  chunk.write(lineEnd, size.length + length, 'latin1');
  return chunk;
}
