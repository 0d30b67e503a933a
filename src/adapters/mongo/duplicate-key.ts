import { mongo } from 'mongoose';

/** True when a write was refused because a unique index already has the value. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === 11_000;
}
