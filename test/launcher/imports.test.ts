import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { checkImports } from '../../engines/imports/check-imports.ts';

const roots: string[] = [];
after(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

/** The violations of a source tree made of these files; each value is a file's text. */
function check(files: Record<string, string>): string[] {
  const root = mkdtempSync(join(tmpdir(), 'imports-'));
  roots.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return checkImports(root);
}

const forbidden: [rule: string, file: string, text: string, says: RegExp][] = [
  ['core imports an npm package', 'src/core/a.ts', "import 'koa';", /imports koa/],
  ['core imports a builtin', 'src/core/a.ts', "import { join } from 'node:path';", /imports node:path/],
  ['core imports a builtin without its prefix', 'src/core/a.ts', "import { join } from 'path';", /imports path/],
  ['core imports crypto', 'src/core/a.ts', "import { randomUUID } from 'node:crypto';", /imports node:crypto/],
  ['core imports another room', 'src/core/a.ts', "import '../activities/b.ts';", /imports src\/activities\/b\.ts/],
  ['core imports a type of another room', 'src/core/a.ts', "import type { B } from '../api/b.ts';", /src\/api\/b\.ts/],
  ['core re-exports from another room', 'src/core/a.ts', "export * from '../protocols/b.ts';", /src\/protocols/],
  ['core imports by an import expression', 'src/core/a.ts', "await import('node:fs');", /imports node:fs/],
  ['core imports something computed', 'src/core/a.ts', 'const n = "x"; await import(n);', /computed/],
  ['core names a type of another room inline', 'src/core/a.ts', "export type X = import('../api/b.ts').B;", /src\/api/],
  ['core uses Buffer', 'src/core/a.ts', "export const a = Buffer.from('x');", /uses Buffer/],
  ['core uses process', 'src/core/a.ts', 'export const a = process.pid;', /uses process/],
  ['protocols import an adapter', 'src/protocols/a.ts', "import '../adapters/mongo/b.ts';", /src\/adapters\/mongo/],
  ['protocols import an activity', 'src/protocols/a.ts', "import '../activities/b.ts';", /src\/activities/],
  ['protocols import koa', 'src/protocols/a.ts', "import 'koa';", /imports koa/],
  ['protocols import a builtin', 'src/protocols/a.ts', "import 'node:stream';", /node:stream/],
  ['activities import koa', 'src/activities/a.ts', "import Koa from 'koa';", /imports koa/],
  [
    'activities import Temporal',
    'src/activities/a.ts',
    "import { Context } from '@temporalio/activity';",
    /@temporalio/,
  ],
  [
    'activities import an adapter',
    'src/activities/a.ts',
    "import { b } from '../adapters/mongo/b.ts';",
    /src\/adapters/,
  ],
  [
    'activities import a type of an adapter with an import that stays',
    'src/activities/a.ts',
    "import { type B } from '../adapters/mongo/b.ts';",
    /src\/adapters/,
  ],
  ['activities import the api', 'src/activities/a.ts', "import '../api/b.ts';", /src\/api/],
  ['workflows import activities', 'src/workflows/a.ts', "import '../activities/b.ts';", /src\/activities/],
  ['workflows import a builtin', 'src/workflows/a.ts', "import 'node:crypto';", /node:crypto/],
  ['workflows import the Temporal client', 'src/workflows/a.ts', "import '@temporalio/client';", /@temporalio\/client/],
  ['workflows import zod', 'src/workflows/a.ts', "import { z } from 'zod';", /zod/],
  ['an adapter imports another adapter', 'src/adapters/mongo/a.ts', "import '../blobs/b.ts';", /src\/adapters\/blobs/],
  [
    'an adapter imports a type of another adapter',
    'src/adapters/mongo/a.ts',
    "import type { B } from '../blobs/b.ts';",
    /src\/adapters\/blobs/,
  ],
  [
    'a vendor imports another vendor',
    'src/adapters/providers/openai/a.ts',
    "import '../local/b.ts';",
    /src\/adapters\/providers\/local/,
  ],
  ['an adapter imports an activity', 'src/adapters/mongo/a.ts', "import '../../activities/b.ts';", /src\/activities/],
  ['workers import a store', 'src/workers/a.ts', "import 'mongoose';", /mongoose/],
  ['workers import workflows', 'src/workers/a.ts', "import '../workflows/index.ts';", /src\/workflows/],
  ['workers import another adapter', 'src/workers/a.ts', "import '../adapters/mongo/b.ts';", /src\/adapters\/mongo/],
  ['the api imports mongoose', 'src/api/a.ts', "import mongoose from 'mongoose';", /mongoose/],
  ['the api imports Elasticsearch', 'src/api/a.ts', "import '@elastic/elasticsearch';", /@elastic/],
  ['the api imports Temporal', 'src/api/a.ts', "import '@temporalio/client';", /@temporalio/],
  ['the api imports a provider', 'src/api/a.ts', "import '../adapters/providers/local/b.ts';", /providers\/local/],
  ['the api imports an activity', 'src/api/a.ts', "import '../activities/b.ts';", /src\/activities/],
  ['the entry of the api imports an adapter', 'src/api/main.ts', "import '../adapters/mongo/b.ts';", /src\/adapters/],
  ['the entry of the workers imports a package', 'src/workers/main.ts', "import '@temporalio/worker';", /@temporalio/],
  ['deps import an activity', 'src/deps.ts', "import './activities/b.ts';", /src\/activities/],
  ['config imports an adapter', 'src/config.ts', "import './adapters/mongo/b.ts';", /src\/adapters/],
  ['the command line imports core', 'src/cli/a.ts', "import '../core/b.ts';", /src\/core/],
  ['product code imports the launcher', 'src/adapters/mongo/a.ts', "import '../../../engines/b.ts';", /engines\/b\.ts/],
  [
    'the environment is read outside the configuration',
    'src/api/a.ts',
    'export const a = process.env.X;',
    /process\.env/,
  ],
  ['the environment is taken apart', 'src/api/a.ts', 'const { env } = process; export { env };', /process\.env/],
  [
    'the environment is read through globalThis',
    'src/cli/a.ts',
    'export const a = globalThis.process.env;',
    /process\.env/,
  ],
  [
    'the environment is read through a cast',
    'src/api/a.ts',
    'export const a = (process as never as X).env;',
    /process\.env/,
  ],
  [
    'the environment is imported',
    'src/api/a.ts',
    "import { env } from 'node:process'; export { env };",
    /node:process/,
  ],
  ['core hands process on', 'src/core/a.ts', 'export const a = { outside: process };', /uses process/],
  ['a file belongs to no room', 'src/extra.ts', 'export const a = 1;', /belongs to no room/],
];

const allowed: [rule: string, file: string, text: string][] = [
  ['core imports zod and itself', 'src/core/a.ts', "import { z } from 'zod'; import './b.ts';"],
  ['core uses globals of the web', 'src/core/a.ts', 'export const a = [crypto, TextEncoder, URL, structuredClone];'],
  [
    'core has names that are also globals of Node',
    'src/core/a.ts',
    'export const f = (global: number) => ({ process: global });',
  ],
  ['protocols import core and each other', 'src/protocols/x/a.ts', "import '../../core/b.ts'; import '../b.ts';"],
  ['activities import builtins', 'src/activities/a.ts', "import 'node:crypto';"],
  ['activities import types of adapters', 'src/activities/a.ts', "import type { B } from '../adapters/mongo/b.ts';"],
  ['workflows import Temporal and core', 'src/workflows/a.ts', "import '@temporalio/workflow'; import '../core/b.ts';"],
  [
    'an adapter imports packages, core and http',
    'src/adapters/mongo/a.ts',
    "import 'mongoose'; import '../../core/b.ts'; import '../http/b.ts';",
  ],
  ['a vendor imports how vendors translate', 'src/adapters/providers/local/a.ts', "import '../translation/b.ts';"],
  ['a vendor imports what lies beside the vendors', 'src/adapters/providers/local/a.ts', "import '../b.ts';"],
  ['the list of vendors imports vendors', 'src/adapters/providers/a.ts', "import './local/b.ts';"],
  [
    'workers import Temporal',
    'src/workers/a.ts',
    "import '@temporalio/worker'; import '../adapters/temporal/b.ts'; import '../activities/b.ts';",
  ],
  ['the api imports koa', 'src/api/a.ts', "import 'koa'; import '../core/b.ts'; import '../protocols/b.ts';"],
  [
    'deps import adapters',
    'src/deps.ts',
    "import './adapters/mongo/b.ts'; import './config.ts'; import './core/b.ts';",
  ],
  ['the configuration reads the environment', 'src/config.ts', 'export const a = process.env.X;'],
];

describe('the import rules', () => {
  for (const [rule, file, text, says] of forbidden) {
    it(`refuse it when ${rule}`, () => {
      const violations = check({ [file]: text });
      assert.equal(violations.length, 1, violations.join('\n'));
      assert.match(violations[0] ?? '', says);
      assert.ok(violations[0]?.startsWith(file), 'the message begins with the place');
    });
  }

  for (const [rule, file, text] of allowed) {
    it(`let it pass when ${rule}`, () => {
      assert.deepEqual(check({ [file]: text }), []);
    });
  }

  it('refuse a workflow that reaches zod through core, and show the way', () => {
    const violations = check({
      'src/workflows/a.ts': "import '../core/b.ts';",
      'src/core/b.ts': "import './c.ts';",
      'src/core/c.ts': "import { z } from 'zod'; export { z };",
    });
    assert.equal(violations.length, 1);
    assert.match(violations[0] ?? '', /src\/core\/b\.ts -> src\/core\/c\.ts -> zod/);
  });

  it('let a workflow import a type from a file that uses zod', () => {
    const violations = check({
      'src/workflows/a.ts': "import type { B } from '../core/b.ts'; export type A = B;",
      'src/core/b.ts': "import { z } from 'zod'; export type B = z.ZodType;",
    });
    assert.deepEqual(violations, []);
  });

  it('say the line, the reason and what to do instead', () => {
    const [violation = ''] = check({ 'src/core/a.ts': "export const a = 1;\n\nimport 'koa';" });
    const [place, reason, remedy] = violation.split('\n');
    assert.equal(place, 'src/core/a.ts:3 imports koa');
    assert.match(reason ?? '', /core may not: .+/);
    assert.match(remedy ?? '', /\S/);
  });

  it('fail on a tree without sources, so that a wrong folder is not taken for a clean one', () => {
    assert.throws(() => check({ 'README.md': '' }), /holds no TypeScript file/);
  });

  it('hold in this project', () => {
    assert.deepEqual(checkImports(join(import.meta.dirname, '../..')), []);
  });
});
