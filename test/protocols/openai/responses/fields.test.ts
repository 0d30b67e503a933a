import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import type { ResponseCreateParamsBase } from 'openai/resources/responses/responses';
import { responseRequest } from '../../../../src/protocols/openai/responses/request.ts';
import { projectPath } from '../../../helpers/project.ts';

/** Does not compile while the client library knows a field for which there is no rule here. */
const fields: Record<keyof ResponseCreateParamsBase, unknown> = responseRequest.shape;

it('the page on responses says of every field what it does here', () => {
  const page = readFileSync(projectPath('docs/compat/openai-responses.md'), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| '));
  const explained = rows.map((row) => row.split('|')[1] ?? '').join(' ');
  const missing = Object.keys(fields).filter((field) => !new RegExp(`\`${field}[\`.]`).test(explained));
  assert.deepEqual(missing, []);
});
