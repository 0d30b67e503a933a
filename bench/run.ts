/** `npm run bench -- NAME [arguments]` runs `bench/NAME.ts`. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createProgress } from '../engines/progress.ts';
import { readSettings } from '../engines/settings.ts';
import { startTestEngines } from '../engines/test-engines.ts';

const [name = ''] = process.argv.slice(2);
const library = ['run', 'report'];
const onEngines = ['search', 'retrieval', 'sse'];
const path = join(import.meta.dirname, `${name}.ts`);
if (!/^[a-z-]+$/.test(name) || library.includes(name) || !existsSync(path)) {
  const names = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -3))
    .filter((file) => !library.includes(file));
  process.stderr.write(`Name a benchmark: npm run bench -- ${names.join(' | ')}\n`);
  process.exit(1);
}
process.argv.splice(2, 1);
if (onEngines.includes(name)) {
  // Those in the environment, or engines of the run's own; the others start a whole stack themselves.
  const { environment, end } = await startTestEngines(readSettings(), createProgress());
  Object.assign(process.env, environment);
  await import(path).finally(end);
} else {
  await import(path);
}
