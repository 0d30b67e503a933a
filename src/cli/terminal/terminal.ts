import { styleText } from 'node:util';

type Colour = 'green' | 'red' | 'yellow' | 'cyan' | 'dim' | 'bold';

/** Where lines go: a terminal that can be drawn on, or a file or pipe. */
export interface Terminal {
  isTerminal: boolean;
  /** Of a line, in characters. */
  columns(): number;
  line(text?: string): void;
  write(chunk: string | Uint8Array): Promise<void>;
  /** Replaces the drawn line; null takes it away. On a terminal only. */
  draw(text: string | null): void;
  paint(colour: Colour, text: string): string;
}

export function createTerminal(stream: NodeJS.WriteStream, options: { noColor: boolean; dumb: boolean }): Terminal {
  const isTerminal = stream.isTTY === true && !options.dumb;
  let isDrawn = false;

  function erase(): void {
    if (isDrawn) stream.write('\r\x1b[2K');
    isDrawn = false;
  }

  return {
    isTerminal,
    columns: () => stream.columns || 80,
    line(text = '') {
      erase();
      stream.write(`${text}\n`);
    },
    write: (chunk) =>
      new Promise((resolve, reject) => {
        stream.write(chunk, (error) => (error ? reject(error) : resolve()));
      }),
    draw(text) {
      if (!isTerminal) return;
      erase();
      if (text === null) return;
      stream.write(text);
      isDrawn = true;
    },
    paint: (colour, text) =>
      isTerminal && !options.noColor ? styleText(colour, text, { validateStream: false }) : text,
  };
}
