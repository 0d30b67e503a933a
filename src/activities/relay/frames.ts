import { GatewayError } from '../../core/errors.ts';

/** Far above a frame of any model, far below what hurts. */
const maxFrameBytes = 8 * 1024 * 1024;
/** The longest end of a frame, `\r\n\r\n`, but for its last byte. */
const overlap = 3;

/**
 * Cuts a stream into frames, with the blank lines that end them. What belongs to a frame that is not complete is copied
 * once and searched once, however small its pieces. Throws `upstream_error` for a frame longer than `maxBytes`.
 */
export function createFrameCutter(maxBytes = maxFrameBytes) {
  let room = Buffer.alloc(0);
  let held = 0;

  function hold(bytes: Buffer): void {
    if (held + bytes.length > room.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * room.length, held + bytes.length));
      room.copy(larger, 0, 0, held);
      room = larger;
    }
    bytes.copy(room, held);
    held += bytes.length;
  }

  return {
    /** The frames that `piece` completes. */
    cut(piece: Buffer): Buffer[] {
      const searched = Math.max(0, held - overlap);
      if (held > 0) hold(piece);
      const bytes = held > 0 ? room.subarray(0, held) : piece;
      const frames: Buffer[] = [];
      let start = 0;
      for (let end = endOfFrame(bytes, searched); end !== -1; end = endOfFrame(bytes, start)) {
        frames.push(bytes.subarray(start, end));
        start = end;
      }
      const rest = bytes.subarray(start);
      if (rest.length > maxBytes || frames.some(({ length }) => length > maxBytes)) throw tooLong(maxBytes);
      if (frames.length > 0 || held === 0) {
        // The frames are handed on: what comes next must not be written over them.
        room = Buffer.alloc(0);
        held = 0;
        hold(rest);
      }
      return frames;
    },

    /** Whether a frame has begun that is not complete. */
    isWithin: () => held > 0,
  };
}

/** The place behind the blank line that ends a frame, or -1. */
function endOfFrame(bytes: Buffer, from: number): number {
  const plain = bytes.indexOf('\n\n', from);
  const carriage = (plain === -1 ? bytes : bytes.subarray(0, plain + 1)).indexOf('\r\n\r\n', from);
  if (carriage !== -1) return carriage + 4;
  return plain === -1 ? -1 : plain + 2;
}

function tooLong(maxBytes: number): GatewayError {
  return new GatewayError('upstream_error', "The model's provider gave an answer that cannot be read.", {
    cause: new Error(`more than ${maxBytes} bytes in one frame`),
  });
}
