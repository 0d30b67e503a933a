import type { Model } from 'mongoose';
import { acrossOwners } from './tenancy.ts';

/** So many records one step looks at: it takes as long whatever is stored. */
const pageSize = 500;

/** Something that records belong to, and whose it is. */
export interface Belonging {
  id: string;
  ownerId: number;
}

/**
 * What the records of a collection belong to, by the id in `field`, which an index begins with. Each call goes on where
 * the last one ended, and round again.
 */
export function createRound<Row extends { ownerId: number }>(rows: Model<Row>, field: keyof Row & string) {
  let position = '';

  return async function next(): Promise<Belonging[]> {
    const page = await rows
      .find({ [field]: { $gt: position } } as never, { _id: 0, ownerId: 1, [field]: 1 })
      .setOptions(acrossOwners('sweeps look for what everybody left behind'))
      .sort({ [field]: 1 })
      .limit(pageSize)
      .lean<Row[]>();
    const found = new Map(page.map((row) => [row[field] as string, row.ownerId]));
    // The last one's other records are not looked at again: one of them told all.
    position = page.length < pageSize ? '' : ([...found.keys()].at(-1) ?? '');
    return [...found].map(([id, ownerId]) => ({ id, ownerId }));
  };
}
