/** Progress that shows nothing and remembers what was said. */
import type { Progress } from '../../engines/progress.ts';

export interface RecordedProgress extends Progress {
  /** Everything said and every step begun, in order. */
  lines: string[];
}

export function recordProgress(): RecordedProgress {
  const lines: string[] = [];
  return {
    lines,
    say: (text) => lines.push(text),
    step: (label, work) => {
      lines.push(label);
      return work(() => {});
    },
  };
}
