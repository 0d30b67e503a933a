import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAddressRanges } from '../../../src/adapters/http/address-ranges.ts';

test('an IPv4 address is judged as itself wherever IPv6 carries it', () => {
  const { admits } = createAddressRanges([]);
  for (const carrier of ['', '::ffff:', '64:ff9b::']) {
    assert.equal(admits(`${carrier}93.184.215.14`), true, carrier);
    assert.equal(admits(`${carrier}10.0.0.5`), false, carrier);
    assert.equal(admits(`${carrier}169.254.169.254`), false, carrier);
  }
});

test('allowing what carries IPv4 addresses allows none of them', () => {
  assert.equal(createAddressRanges(['64:ff9b::/96']).admits('64:ff9b::10.0.0.5'), false);
});

test('an allowed range of IPv4 is allowed wherever IPv6 carries it', () => {
  const { admits } = createAddressRanges(['10.0.0.0/8']);
  assert.equal(admits('64:ff9b::10.0.0.5'), true);
  assert.equal(admits('64:ff9b::11.0.0.5'), true);
  assert.equal(admits('64:ff9b::172.16.0.5'), false);
});
