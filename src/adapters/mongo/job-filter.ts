import type { QueryFilter } from 'mongoose';
import type { JobPage } from '../../core/job.ts';
import type { JobRecord } from './job-record.ts';

/** A page of one owner's jobs as a query. Ids sort by time, so both the cursor and the time bounds are on `_id` order. */
export function jobFilter(ownerId: number, { filter, after, before, order }: JobPage): QueryFilter<JobRecord> {
  const [forward, backward] = order === 'asc' ? (['$gt', '$lt'] as const) : (['$lt', '$gt'] as const);
  const cursor = { ...(after && { [forward]: after }), ...(before && { [backward]: before }) };
  const created = {
    ...(filter.createdAfter !== null && { $gte: filter.createdAfter }),
    ...(filter.createdBefore !== null && { $lte: filter.createdBefore }),
  };
  const labels = Object.entries(filter.metadata).map(([key, value]) => ({
    $expr: { $eq: [{ $getField: { field: { $literal: key }, input: '$metadata' } }, { $literal: value }] },
  }));
  return {
    ownerId,
    ...(Object.keys(cursor).length > 0 && { _id: cursor }),
    ...(Object.keys(created).length > 0 && { createdAt: created }),
    ...(filter.statuses.length > 0 && { status: { $in: [...filter.statuses] } }),
    ...(filter.kind !== null && { kind: filter.kind }),
    ...(filter.endpoint !== null && { endpoint: filter.endpoint }),
    ...(filter.model !== null && { model: filter.model }),
    ...(filter.idempotencyKey !== null && { idempotencyKey: { $eq: filter.idempotencyKey, $type: 'string' } }),
    ...(labels.length > 0 && { $and: labels }),
  };
}
