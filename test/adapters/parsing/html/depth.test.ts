import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { requireShallowHtml } from '../../../../src/adapters/parsing/html/depth.ts';
import { cpuMsOf } from '../../../helpers/cpu-time.ts';

describe('depth of HTML', () => {
  test('a page at the limit passes, one level more is refused', () => {
    const nested = (depth: number) => `${'<div>'.repeat(depth)}x${'</div>'.repeat(depth)}`;
    requireShallowHtml(nested(10), 10);
    assert.throws(() => requireShallowHtml(nested(11), 10), {
      code: 'unprocessable_document',
      publicMessage: 'The HTML nests elements more than 10 levels deep, which is not read.',
    });
  });

  test('elements that need no end are not counted', () => {
    requireShallowHtml('<p>a<br><img src="x"><li>b<td>c'.repeat(1_000), 10);
  });

  test('tags in comments, scripts and drawings are not counted', () => {
    const tags = '<div>'.repeat(100);
    requireShallowHtml(`<!-- ${tags} --><script>${tags}</script><svg>${tags}</SVG>`, 10);
  });

  test('what follows a comment that is never closed is a comment', () => {
    requireShallowHtml(`<!-- ${'<div>'.repeat(100)}`, 10);
  });

  test('a million tags that never end are read in one pass', () => {
    const cpuMs = cpuMsOf(() => {
      for (const part of ['<a ', '<!--', '<script', '<', '</x']) requireShallowHtml(part.repeat(300_000), 1_000_000);
    });
    assert.ok(cpuMs < 10_000, `${cpuMs} ms`);
  });
});
