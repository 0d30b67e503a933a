import type { Logger } from '../../core/call.ts';
import { piecesOf } from './pieces.ts';

const bytesPerToken = 4;

/**
 * Counts tokens as OpenAI's `o200k_base` does, for estimates: models of other vendors count otherwise. Its table takes
 * 60 MB and 0.2 s to load, so it is loaded by whoever counts first; until it is there, four bytes are a token.
 */
export function createTokenCounter(log: Logger) {
  let encode: ((text: string) => number) | null = null;
  let loading: Promise<void> | null = null;

  async function load(): Promise<void> {
    try {
      const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
      // A text may speak of `<|endoftext|>` without meaning it.
      const options = { disallowedSpecial: new Set<string>() };
      encode = (text) => countTokens(text, options);
    } catch (error) {
      log.error({ err: error }, 'tokens are estimated by bytes: the tokenizer cannot be loaded');
    }
  }

  /** Resolves when counts are the tokenizer's. */
  function ready(): Promise<void> {
    loading ??= load();
    return loading;
  }

  return {
    ready,

    /** At once. For samples of some thousands of characters. */
    count(text: string): number {
      void ready();
      if (encode === null) return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
      let tokens = 0;
      // One unbroken word takes time that grows with the square of its length.
      for (const piece of piecesOf(text)) tokens += encode(piece);
      return tokens;
    },
  };
}

export type TokenCounter = ReturnType<typeof createTokenCounter>;
