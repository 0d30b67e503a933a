/** `npm run bench -- NAME [arguments]` runs `bench/NAME.ts`. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [name = ''] = process.argv.slice(2);
const library = ['run', 'report'];
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
await import(path);
