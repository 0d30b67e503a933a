import { malformedAnswer } from '../../core/malformed-answer.ts';

/** Far above a frame of any model, far below what hurts. */
const maxFrameBytes = 8 * 1024 * 1024;
/** The longest end of a frame, `\r\n\r\n`, but for its last byte. */
const overlap = 3;
const none = Buffer.alloc(0);

/**
 * Cuts a stream into frames, with the blank lines that end them: texts of one character per byte, in which to search
 * costs a fraction of what it costs in bytes. What belongs to a frame that is not complete is copied once and searched
 * once, however small its pieces. Throws `upstream_error` for a frame longer than `maxBytes`.
 */
export function createFrameCutter(maxBytes = maxFrameBytes) {
  let room = none;
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

  /** The frames of `bytes`; what is behind the last one is held. */
  function split(bytes: Buffer): string[] {
    const text = bytes.toString('latin1');
    const frames: string[] = [];
    let start = 0;
    const hasCarriages = text.includes('\r\n\r\n');
    for (let end = endOfFrame(text, 0, hasCarriages); end !== -1; end = endOfFrame(text, start, hasCarriages)) {
      frames.push(text.slice(start, end));
      start = end;
    }
    room = none;
    held = 0;
    if (start < bytes.length) hold(bytes.subarray(start));
    return frames;
  }

  return {
    /** The frames that `piece` completes. */
    cut(piece: Buffer): string[] {
      const frames = held === 0 ? split(piece) : add(piece);
      if (held > maxBytes || frames.some(({ length }) => length > maxBytes)) {
        throw malformedAnswer(new Error(`more than ${maxBytes} bytes in one frame`));
      }
      return frames;
    },

    /** Whether a frame has begun that is not complete. */
    isWithin: () => held > 0,
  };

  function add(piece: Buffer): string[] {
    const searched = Math.max(0, held - overlap);
    hold(piece);
    const bytes = room.subarray(0, held);
    const isComplete = bytes.indexOf('\n\n', searched) !== -1 || bytes.indexOf('\r\n\r\n', searched) !== -1;
    return isComplete ? split(bytes) : [];
  }
}

/** The place behind the blank line that ends a frame, or -1. */
function endOfFrame(text: string, from: number, hasCarriages: boolean): number {
  const plain = text.indexOf('\n\n', from);
  const carriage = hasCarriages ? text.indexOf('\r\n\r\n', from) : -1;
  if (carriage !== -1 && (plain === -1 || carriage < plain)) return carriage + 4;
  return plain === -1 ? -1 : plain + 2;
}
