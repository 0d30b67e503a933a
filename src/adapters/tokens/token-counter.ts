import type { Logger } from '../../core/call.ts';

/** Counted piece by piece: one unbroken word takes time that grows with the square of its length. */
const pieceUnits = 128;
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
      for (let at = 0, end = 0; at < text.length; at = end) {
        end = endOfPiece(text, at);
        tokens += encode(text.slice(at, end));
      }
      return tokens;
    },
  };
}

/** Before a space where there is one: no token reaches over it. */
function endOfPiece(text: string, start: number): number {
  const limit = start + pieceUnits;
  if (limit >= text.length) return text.length;
  const space = text.lastIndexOf(' ', limit);
  return space > start ? space : limit;
}

export type TokenCounter = ReturnType<typeof createTokenCounter>;
