/**
 * Loaded into a process of the product by `NODE_OPTIONS` (see `crash-points.ts`): at a crash point that is armed in the
 * folder that CRASH_POINTS names, the process kills itself as if the power had gone. Each arming kills once.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onCrashPoint } from '../../src/core/crash-point.ts';
import { counted } from './crash-points.ts';

const folder = process.env['CRASH_POINTS'] ?? '';

onCrashPoint((name) => {
  const armed = join(folder, `${name}.armed`);
  try {
    const passes = Number(readFileSync(armed, 'utf8'));
    // Not made anew, or a point that fired meanwhile would be armed once more.
    if (passes > 0) return writeFileSync(armed, counted(passes - 1), { flag: 'r+' });
    // Whoever renames it is the one that dies: two processes may come here at once.
    renameSync(armed, join(folder, `${name}.fired`));
  } catch {
    return;
  }
  process.kill(process.pid, 'SIGKILL');
});
