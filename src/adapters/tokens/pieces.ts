/** Units of UTF-16. */
export const maxPieceUnits = 128;

/** The text in pieces that are counted one by one. They end before a space where there is one: no token reaches over it. */
export function* piecesOf(text: string): Generator<string> {
  for (let at = 0, end = 0; at < text.length; at = end) {
    end = endOfPiece(text, at);
    yield text.slice(at, end);
  }
}

function endOfPiece(text: string, start: number): number {
  const limit = start + maxPieceUnits;
  if (limit >= text.length) return text.length;
  const space = text.lastIndexOf(' ', limit);
  return space > start ? space : limit;
}
