/** Lists by time of creation, then by id, so that no page repeats or skips a thing. */

type Order = 'asc' | 'desc';

export function sortOf(order: Order): { createdAt: 1 | -1; _id: 1 | -1 } {
  const direction = order === 'asc' ? 1 : -1;
  return { createdAt: direction, _id: direction };
}

/** What comes after a thing in that order; everything without one. */
export function cursorOf(after: { id: string; createdAt: number } | null, order: Order) {
  if (!after) return {};
  const beyond = order === 'asc' ? '$gt' : '$lt';
  const { createdAt, id } = after;
  // The first says nothing that the others do not; it is where the store begins to read its index.
  return {
    createdAt: { [`${beyond}e`]: createdAt },
    $or: [{ createdAt: { [beyond]: createdAt } }, { createdAt, _id: { [beyond]: id } }],
  };
}
