import { assertThat } from '../../core/errors.ts';
import type { Item } from '../../core/response.ts';

/** A record of the database has room for 16 MiB, and an item is one record. */
const maxItemBytes = 12 * 1024 * 1024;

/** Before the model is asked: what cannot be kept must not be paid for. `path` is where the items stand. */
export function assertStorable(items: readonly Item[], path: string): void {
  for (const [index, item] of items.entries()) {
    const bytes = Buffer.byteLength(JSON.stringify(item));
    const message = `Expected an item of at most ${maxItemBytes} bytes, got ${bytes}.`;
    assertThat(bytes <= maxItemBytes, 'body_too_large', message, { param: `${path}[${index}]` });
  }
}
