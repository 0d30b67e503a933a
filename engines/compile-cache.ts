import { join } from 'node:path';

/**
 * Where Node keeps what it has compiled, for every process that gets these variables: the modules of a worker then load
 * in half the CPU time. Without a folder that can be written, Node does without.
 */
export const compileCache = {
  NODE_COMPILE_CACHE: join(import.meta.dirname, '../.data/cache/compiled'),
} as const;
