import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { ChatCompletionCreateParamsBase } from 'openai/resources/chat/completions';
import type { CompletionCreateParamsBase } from 'openai/resources/completions';
import { chatRequestSchema } from '../../src/protocols/openai/chat/request-schema.ts';
import { completionRequest } from '../../src/protocols/openai/completions/request.ts';
import { projectPath } from '../helpers/project.ts';

/** What the newest client library sends and a schema does not know. While there is any, `{}` does not compile. */
type Unknown<Theirs, Ours> = Record<Exclude<keyof Theirs, keyof Ours>, string>;
const unknownOfChat: Unknown<ChatCompletionCreateParamsBase, typeof chatRequestSchema.shape> = {};
const unknownOfCompletions: Unknown<CompletionCreateParamsBase, typeof completionRequest.shape> = {};

const page = readFileSync(projectPath('docs/compat/openai.md'), 'utf8');

/** The first cells of the tables under a heading of the second level. */
function fieldsUnder(heading: string): string[] {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  const cells = [...own.matchAll(/^\| ([^|]+) \|/gm)].map(([, cell = '']) => cell);
  return cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name));
}

describe('the page on OpenAI', () => {
  for (const [heading, schema, unknown] of [
    ['Chat completions', chatRequestSchema, unknownOfChat],
    ['Legacy completions', completionRequest, unknownOfCompletions],
  ] as const) {
    it(`says of every field under "${heading}" what becomes of it`, () => {
      const documented = new Set(fieldsUnder(heading));
      assert.deepEqual(
        Object.keys({ ...schema.shape, ...unknown }).filter((field) => !documented.has(field)),
        [],
      );
    });
  }
});
