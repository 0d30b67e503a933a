import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mongo } from 'mongoose';
import { isMongoOutage } from '../../../src/adapters/mongo/outage.ts';

/** As the driver makes it: in place of the server's answer stands what befell the write. */
function bulkError(inner: unknown) {
  return new mongo.MongoBulkWriteError(inner as mongo.AnyError, {} as mongo.BulkWriteResult);
}

describe('an outage of MongoDB', () => {
  it('is known by a connection that breaks', () => {
    assert.equal(isMongoOutage(new mongo.MongoNetworkError('read ECONNRESET')), true);
  });

  it('is known by a socket that breaks before it has taken a whole command', () => {
    const reset = Object.assign(new Error('write ECONNRESET'), { code: 'ECONNRESET', syscall: 'write' });
    assert.equal(isMongoOutage(reset), true);
  });

  it('is known by a socket that the other side has ended', () => {
    const ended = Object.assign(new Error('This socket has been ended by the other party'), { code: 'EPIPE' });
    assert.equal(isMongoOutage(ended), true);
  });

  it('is no file that is missing', () => {
    const missing = Object.assign(new Error('ENOENT'), { code: 'ENOENT', syscall: 'read' });
    assert.equal(isMongoOutage(missing), false);
  });

  it('is known also where it befell a write of many', () => {
    assert.equal(isMongoOutage(bulkError(new mongo.MongoNetworkError('read ECONNRESET'))), true);
  });

  it('is what a transaction ends with that another one was in the way of for too long', () => {
    const conflict = new mongo.MongoServerError({ message: 'WriteConflict', code: 112 });
    conflict.addErrorLabel('TransientTransactionError');
    assert.equal(isMongoOutage(conflict), true);
  });

  it('is no key that is taken, alone or among many', () => {
    const duplicate = new mongo.MongoServerError({ message: 'E11000', code: 11_000 });
    assert.equal(isMongoOutage(duplicate), false);
    assert.equal(isMongoOutage(bulkError(duplicate)), false);
    assert.equal(isMongoOutage(new Error('any other')), false);
  });
});
