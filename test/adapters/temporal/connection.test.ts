import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectTemporal } from '../../../src/adapters/temporal/connection.ts';

test('a server that comes back is connected to within seconds, however long it was away', async () => {
  const connection = connectTemporal('127.0.0.1:1');
  const { channelArgs } = connection.options;
  assert.equal(channelArgs?.['grpc.max_reconnect_backoff_ms'], 2_000);
  // Those of the library are still there.
  assert.equal(channelArgs?.['grpc.keepalive_permit_without_calls'], 1);
  await connection.close();
});
