import { malformedAnswer } from '../../core/malformed-answer.ts';

/** As much as of any other JSON of an upstream. */
const maxAnswerBytes = 64 * 1024 * 1024;

/** A whole answer in one piece. Throws `upstream_error` for one longer than `maxBytes`; its rest is given up. */
export async function collectWhole(body: AsyncIterable<Uint8Array>, maxBytes = maxAnswerBytes): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) throw malformedAnswer(new Error(`more than ${maxBytes} bytes`));
  }
  return Buffer.concat(chunks);
}
