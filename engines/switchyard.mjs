#!/usr/bin/env node
/** `npx switchyard …` in the clone: the command line, on the project's Node whatever the machine has. */
process.argv.splice(2, 0, 'cli');
await import('./bootstrap.mjs');
