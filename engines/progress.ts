/** Progress lines: what is being done, and for how long, for anything above two seconds. */

const quietMs = 2_000;
const terminalTickMs = 1_000;
const plainTickMs = 10_000;

export interface ProgressStream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

export interface Progress {
  /** One line of its own, without disturbing the steps that are shown. */
  say(text: string): void;
  /**
   * Shows `label` while `work` runs, with elapsed time for anything above two seconds.
   * `work` may report a detail such as `40 of 120 MB`. Returns or throws what `work` does.
   */
  step<T>(label: string, work: (detail: (text: string) => void) => Promise<T>): Promise<T>;
}

interface Step {
  label: string;
  detail: string;
  startedAt: number;
  shownAt: number;
}

/** `12 s` below two minutes, then `3 min 4 s`. */
function formatElapsed(ms: number): string {
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Progress on standard error unless told otherwise; redrawn in place on a terminal, plain lines elsewhere. */
export function createProgress(stream: ProgressStream = process.stderr): Progress {
  const terminal = stream.isTTY === true;
  const running = new Set<Step>();
  let timer: NodeJS.Timeout | undefined;
  let drawn = false;

  const describe = (step: Step) =>
    `${step.label}${step.detail && `, ${step.detail}`} (${formatElapsed(Date.now() - step.startedAt)})`;

  function erase() {
    if (drawn) stream.write('\r\x1b[2K');
    drawn = false;
  }

  function draw() {
    erase();
    if (running.size === 0) return;
    const text = `  ${[...running].map(describe).join(' · ')}`;
    stream.write(text.slice(0, Math.max(20, (stream.columns ?? 80) - 1)));
    drawn = true;
  }

  function say(text: string) {
    erase();
    stream.write(`${text}\n`);
    if (terminal) draw();
  }

  function tick() {
    if (terminal) return draw();
    const now = Date.now();
    for (const step of running) {
      const dueMs = step.shownAt === step.startedAt ? quietMs : plainTickMs;
      if (now - step.shownAt < dueMs) continue;
      step.shownAt = now;
      stream.write(`  … ${describe(step)}\n`);
    }
  }

  function begin(label: string): Step {
    const startedAt = Date.now();
    const step = { label, detail: '', startedAt, shownAt: startedAt };
    running.add(step);
    timer ??= setInterval(tick, terminalTickMs);
    if (terminal) draw();
    else stream.write(`  ${label}\n`);
    return step;
  }

  function end(step: Step, mark: string) {
    running.delete(step);
    if (running.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
    const elapsedMs = Date.now() - step.startedAt;
    if (terminal || elapsedMs >= quietMs || mark === '✗') say(`${mark} ${step.label} (${formatElapsed(elapsedMs)})`);
  }

  return {
    say,
    async step(label, work) {
      const step = begin(label);
      try {
        const result = await work((text) => {
          step.detail = text;
        });
        end(step, '✓');
        return result;
      } catch (error) {
        end(step, '✗');
        throw error;
      }
    },
  };
}
