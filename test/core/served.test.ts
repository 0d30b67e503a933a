import assert from 'node:assert/strict';
import { test } from 'node:test';
import { servedHeaders } from '../../src/core/served.ts';

const served = { provider: 'openai-1', attempts: 2, upstreamRequestId: null, ignored: [] };

test('who served a call, after how many attempts', () => {
  assert.deepEqual(servedHeaders(served), { 'x-switchyard-provider': 'openai-1', 'x-switchyard-attempts': '2' });
});

test('names that a header cannot hold are told as far as it can', () => {
  const { 'x-gateway-ignored': ignored } = servedHeaders({
    ...served,
    ignored: ['tools[0].strict', '☃\r\nset-cookie: a', '\ud800'],
  });
  assert.equal(ignored, 'tools[0].strict, ???set-cookie:?a, ?');
});

test('no more names are told than fit, none longer than 64 characters, and how many were left out', () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `field_${index}`);
  const told = (ignored: string[]) => servedHeaders({ ...served, ignored })['x-gateway-ignored'];
  assert.equal(told(names(20)), names(20).join(', '));
  assert.equal(told(names(23)), `${names(20).join(', ')}, and 3 more`);
  assert.equal(told(['x'.repeat(65)]), 'x'.repeat(64));
});

test('an id of an upstream cannot break a header', () => {
  assert.equal(servedHeaders({ ...served, upstreamRequestId: 'req\n☃' })['x-upstream-request-id'], 'req??');
});
