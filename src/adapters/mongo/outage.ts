import { mongo } from 'mongoose';

const socketFailures = new Set(['ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH']);

/** True for errors that say that MongoDB is away or changing over, and nothing about what was asked of it. */
export function isMongoOutage(error: unknown): boolean {
  if (error instanceof mongo.MongoServerSelectionError || error instanceof mongo.MongoNetworkError) return true;
  if (error instanceof mongo.MongoNotConnectedError || error instanceof mongo.MongoTopologyClosedError) return true;
  if (!(error instanceof mongo.MongoError)) return isSocketFailure(error);
  if (error.hasErrorLabel('RetryableWriteError') || error.hasErrorLabel('TransientTransactionError')) return true;
  // A write of many keeps what befell it, and not its name.
  return error instanceof mongo.MongoBulkWriteError && isMongoOutage(error.errorResponse);
}

/** The driver puts into its own words what befalls a socket, but not while a command waits for it to take more. */
function isSocketFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code = '', syscall = '' } = error as NodeJS.ErrnoException;
  // No call of the system is named where Node knows by itself that the other side has ended.
  return code === 'EPIPE' || (['read', 'write'].includes(syscall) && socketFailures.has(code));
}
