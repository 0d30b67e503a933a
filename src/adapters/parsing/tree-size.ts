import { stat } from 'node:fs/promises';
import { GatewayError } from '../../core/errors.ts';
import type { ParsingLimits } from './limits.ts';

/** Refuses a file that is too large to be read as a whole. `format` is its name in the sentence. */
export async function requireTreeSize(path: string, format: string, { maxTreeBytes }: ParsingLimits): Promise<void> {
  const { size } = await stat(path);
  if (size <= maxTreeBytes) return;
  throw new GatewayError(
    'document_too_large',
    `The file has ${size} bytes; at most ${maxTreeBytes} are read of ${format}.`,
  );
}
