import type { Box } from '../layout/geometry.ts';

/** Ink without a gap in one row (or column) of a picture: first and last pixel. */
export interface Run {
  line: number;
  from: number;
  to: number;
}

/** Runs that touch each other, directly or through others. `box.top` to `box.bottom` are the lines they are in. */
export interface Piece {
  box: Box;
  runs: Run[];
}

/** Puts runs together, line by line; both the lines and the runs within each are in order. */
export function piecesOf(lines: Iterable<readonly Run[]>): Piece[] {
  const parents: number[] = [];
  const runs: Run[] = [];
  const rootOf = (index: number): number => {
    let root = index;
    while (parents[root] !== root) root = parents[root] ?? root;
    parents[index] = root;
    return root;
  };
  let above: number[] = [];
  for (const line of lines) {
    const current: number[] = [];
    let next = 0;
    for (const run of line) {
      const index = runs.push(run) - 1;
      parents.push(index);
      current.push(index);
      while (next < above.length && (runs[above[next] ?? 0]?.to ?? 0) < run.from - 1) next += 1;
      for (let other = next; other < above.length; other += 1) {
        const touching = above[other] ?? 0;
        if ((runs[touching]?.from ?? 0) > run.to + 1) break;
        parents[rootOf(touching)] = rootOf(index);
      }
    }
    above = current;
  }
  const pieces = new Map<number, Piece>();
  runs.forEach((run, index) => {
    const { line, from, to } = run;
    const root = rootOf(index);
    const piece = pieces.get(root);
    if (piece === undefined)
      pieces.set(root, { box: { left: from, right: to + 1, top: line, bottom: line + 1 }, runs: [run] });
    else {
      piece.box.left = Math.min(piece.box.left, from);
      piece.box.right = Math.max(piece.box.right, to + 1);
      piece.box.bottom = Math.max(piece.box.bottom, line + 1);
      piece.runs.push(run);
    }
  });
  return [...pieces.values()];
}
