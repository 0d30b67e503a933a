import { Connection } from '@temporalio/client';

/** Connects lazily, so that the API runs while the server is down. */
export function connectTemporal(address: string): Connection {
  return Connection.lazy({ address });
}
