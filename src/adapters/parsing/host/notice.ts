import type { RecognitionNotice } from './messages.ts';

/** Tells the host, if there is one, that recognition begins: it has bounds of its own. */
export function announceRecognition(): void {
  process.send?.({ kind: 'recognising' } satisfies RecognitionNotice);
}
