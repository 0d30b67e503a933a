export interface ServerSentEvent {
  id: string | null;
  event: string;
  data: string;
}

/** Server-sent events of a body, as the HTML standard reads them; a frame that is cut off is left out. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  let frame = emptyFrame();
  for await (const bytes of body) {
    rest += decoder.decode(bytes, { stream: true });
    // A carriage return at the end may be half of a line's end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') take(line, frame);
      else {
        if (frame.data.length > 0) yield { id: frame.id, event: frame.event, data: frame.data.join('\n') };
        frame = emptyFrame();
      }
    }
  }
}

interface Frame {
  id: string | null;
  event: string;
  data: string[];
}

function emptyFrame(): Frame {
  return { id: null, event: 'message', data: [] };
}

function take(line: string, frame: Frame): void {
  const colon = line.indexOf(':');
  const field = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
  if (field === 'data') frame.data.push(value);
  else if (field === 'event') frame.event = value;
  else if (field === 'id') frame.id = value;
}
