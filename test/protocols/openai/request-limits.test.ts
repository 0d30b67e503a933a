import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { z } from 'zod';
import { check } from '../../../src/core/validation/find-problems.ts';
import { chatRequestSchema } from '../../../src/protocols/openai/chat/request-schema.ts';
import { completionRequest } from '../../../src/protocols/openai/completions/request.ts';

interface Limit {
  /** Where the fault is said to be. */
  path: string;
  allowed: readonly unknown[];
  refused: readonly unknown[];
  /** The field with that value in it, where that is not all there is to say. */
  fields?(value: unknown): object;
}

const text = (length: number) => 'x'.repeat(length);
const list = (length: number) => Array.from({ length }, (_, index) => `${index}`);
const labels = (count: number) => Object.fromEntries(list(count).map((key) => [key, 'x']));
const tool = (name: unknown) => ({ tools: [{ type: 'function', function: { name } }] });

const shared: readonly Limit[] = [
  { path: 'model', allowed: ['m'], refused: ['', ' ', 5, null] },
  { path: 'temperature', allowed: [0, 2, null], refused: [-0.01, 2.01, '1'] },
  { path: 'top_p', allowed: [0, 1, null], refused: [-0.01, 1.01] },
  { path: 'frequency_penalty', allowed: [-2, 2, null], refused: [-2.01, 2.01] },
  { path: 'presence_penalty', allowed: [-2, 2, null], refused: [-2.01, 2.01] },
  { path: 'seed', allowed: [-7, 7, null], refused: [0.5, '7'] },
  { path: 'logit_bias.7', allowed: [-100, 100], refused: [-101, 101], fields: (bias) => ({ logit_bias: { 7: bias } }) },
  { path: 'logit_bias.x', allowed: [], refused: [1], fields: (bias) => ({ logit_bias: { x: bias } }) },
  { path: 'stop', allowed: ['a', [], list(16), null], refused: [list(17), 5] },
  { path: 'n', allowed: [1, 128, null], refused: [0, 129, 1.5] },
  { path: 'max_tokens', allowed: [1, null], refused: [0, 1.5] },
  { path: 'stream', allowed: [true, false, null], refused: ['true', 1] },
];

const chat: readonly Limit[] = [
  ...shared,
  { path: 'messages', allowed: [[{ role: 'user', content: '' }]], refused: [[], {}, null] },
  { path: 'max_completion_tokens', allowed: [1, null], refused: [0, 1.5] },
  { path: 'top_logprobs', allowed: [0, 20, null], refused: [-1, 21] },
  { path: 'metadata', allowed: [labels(16), null], refused: [labels(17), []] },
  {
    path: 'metadata.a',
    allowed: [text(512)],
    refused: [text(513), 1],
    fields: (value) => ({ metadata: { a: value } }),
  },
  {
    path: `metadata.${text(65)}`,
    allowed: [],
    refused: [''],
    fields: (value) => ({ metadata: { [text(65)]: value } }),
  },
  {
    path: `metadata.${text(64)}`,
    allowed: [''],
    refused: [],
    fields: (value) => ({ metadata: { [text(64)]: value } }),
  },
  { path: 'safety_identifier', allowed: [text(128), null], refused: [text(129)] },
  { path: 'tools[0].function.name', allowed: [text(64), 'a-B_9'], refused: [text(65), '', 'a.b'], fields: tool },
  { path: 'functions', allowed: [[{ name: 'f' }], null], refused: [[]] },
  {
    path: 'tools[0].collection_ids',
    allowed: [Array.from({ length: 100 }, () => 1)],
    refused: [Array.from({ length: 101 }, () => 1)],
    fields: (collection_ids) => ({ tools: [{ type: 'search', collection_ids }] }),
  },
];

const completions: readonly Limit[] = [
  ...shared,
  { path: 'prompt', allowed: ['', ['a'], [1], [[1]]], refused: [[], null, 5] },
  { path: 'logprobs', allowed: [0, 5, null], refused: [-1, 6] },
  { path: 'best_of', allowed: [1, 20, null], refused: [0, 21] },
];

const least = {
  chat: { model: 'm', messages: [{ role: 'user', content: 'Hello' }] },
  completions: { model: 'm', prompt: '' },
};

function pathsOf(schema: z.ZodType, body: object): string[] {
  const checked = check(schema, body, 'body');
  return checked.ok ? [] : checked.problems.map(({ path }) => path);
}

for (const [name, schema, limits] of [
  ['chat', chatRequestSchema, chat],
  ['completions', completionRequest, completions],
] as const) {
  describe(`the limits of ${name}`, () => {
    for (const { path, allowed, refused, fields = (value: unknown) => ({ [path]: value }) } of limits) {
      it(`of ${path.slice(0, 40)} hold on both sides`, () => {
        for (const value of allowed) assert.deepEqual(pathsOf(schema, { ...least[name], ...fields(value) }), []);
        for (const value of refused) assert.deepEqual(pathsOf(schema, { ...least[name], ...fields(value) }), [path]);
      });
    }

    it('are all there are: fields that nobody knows stay', () => {
      const checked = check(schema, { ...least[name], top_k: 40 }, 'body');
      assert.ok(checked.ok);
      assert.deepEqual((checked.value as { top_k: number }).top_k, 40);
    });
  });
}
