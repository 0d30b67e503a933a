import { mongo } from 'mongoose';

/** True for errors that say that MongoDB is away or changing over, and nothing about what was asked of it. */
export function isMongoOutage(error: unknown): boolean {
  if (error instanceof mongo.MongoServerSelectionError || error instanceof mongo.MongoNetworkError) return true;
  if (error instanceof mongo.MongoNotConnectedError || error instanceof mongo.MongoTopologyClosedError) return true;
  if (!(error instanceof mongo.MongoError)) return false;
  if (error.hasErrorLabel('RetryableWriteError') || error.hasErrorLabel('TransientTransactionError')) return true;
  // A write of many keeps what befell it, and not its name.
  return error instanceof mongo.MongoBulkWriteError && isMongoOutage(error.errorResponse);
}
