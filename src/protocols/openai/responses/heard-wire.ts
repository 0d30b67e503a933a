import { idBody } from '../../../core/response.ts';
import type { Telling } from './telling.ts';

interface HeardEvent {
  sequence_number?: number;
  response?: { id?: string; created_at?: number };
}

/** What an upstream has told in events of its own: where the telling stands if it has to be ended here. */
export function hearWire(telling: Telling, bytes: Uint8Array): Telling {
  const events = new TextDecoder()
    .decode(bytes)
    .split(/\r?\n\r?\n/)
    .flatMap(eventIn);
  return events.reduce(hearEvent, telling);
}

function hearEvent(telling: Telling, { sequence_number: number, response }: HeardEvent): Telling {
  const { model } = telling.body;
  const id = idBody(response?.id ?? '');
  const createdAt = (response?.created_at ?? 0) * 1_000;
  const start = {
    type: 'start',
    id,
    createdAt,
    model,
    serviceTier: null,
    systemFingerprint: null,
    stored: false,
  } as const;
  return {
    ...telling,
    sequence: typeof number === 'number' ? number + 1 : telling.sequence,
    start: telling.start ?? (response ? start : null),
  };
}

function eventIn(frame: string): HeardEvent[] {
  const lines = frame.split(/\r?\n/).filter((line) => line.startsWith('data:'));
  try {
    const event: unknown = JSON.parse(lines.map((line) => line.slice('data:'.length)).join('\n'));
    return typeof event === 'object' && event !== null ? [event] : [];
  } catch {
    return [];
  }
}
