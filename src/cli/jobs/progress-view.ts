import type { Terminal } from '../terminal/terminal.ts';
import type { JobEvent, Progress } from './job.ts';

const barWidth = 24;

/** How far a job has come: a bar that moves on a terminal, a line per change anywhere else. */
export interface ProgressView {
  show(event: JobEvent): void;
  /** What is written next stands on a line of its own. */
  close(): void;
}

export function createProgressView(terminal: Terminal): ProgressView {
  let lastLine = '';

  function showLine(text: string): void {
    if (text !== lastLine) terminal.line(text);
    lastLine = text;
  }

  return {
    show({ type, progress, sequence_number }) {
      // A piece of the answer says nothing of how far it is.
      if (type === 'job.output') return;
      const word = type.slice('job.'.length);
      if (!terminal.isTerminal) showLine(`${sequence_number} ${word}${progress ? ` ${describe(progress)}` : ''}`);
      else if (progress) terminal.draw(barOf(terminal, progress));
      else if (word === 'queued' || word === 'started') terminal.draw(terminal.paint('dim', word));
      else terminal.line(word);
    },
    close() {
      terminal.draw(null);
    },
  };
}

/** `42 % extract 3/7, pages 1 to 4`. */
function describe({ percent, stage, completed, total, message }: Progress): string {
  const share = percent === null ? '' : `${Math.round(percent)} % `;
  const count = total === null ? '' : ` ${completed}/${total}`;
  return `${share}${stage}${count}${message === null ? '' : `, ${message}`}`;
}

function barOf(terminal: Terminal, progress: Progress): string {
  const filled = Math.round((barWidth * (progress.percent ?? 0)) / 100);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`;
  // A line that wraps could not be replaced.
  const text = describe(progress).slice(0, Math.max(0, terminal.columns() - barWidth - 2));
  return `${terminal.paint('cyan', bar)} ${text}`;
}
