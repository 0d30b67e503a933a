import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { projectPath } from '../helpers/project.ts';
import { mutations } from './mutations.ts';

describe('a guard that can be taken out', () => {
  for (const { guard, file, from } of mutations) {
    it(`stands once in its file: ${guard}`, () => {
      assert.equal(readFileSync(projectPath(file), 'utf8').split(from).length - 1, 1);
    });
  }
});
