import { Connection } from '@temporalio/client';

/** Left to itself it would wait for up to two minutes, and nothing that was accepted meanwhile would begin before. */
const longestPauseMs = 2_000;

/** Connects lazily, so that the API runs while the server is down, and soon again after it was. */
export function connectTemporal(address: string): Connection {
  return Connection.lazy({
    address,
    channelArgs: {
      'grpc.initial_reconnect_backoff_ms': longestPauseMs / 4,
      'grpc.max_reconnect_backoff_ms': longestPauseMs,
    },
  });
}
