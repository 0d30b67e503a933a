/** Stands for every value beyond the first `maxValues`: callers and administrators cannot multiply the series. */
export const otherLabel = 'other';

/** Answers the value itself while there are few of them. */
export function boundedLabels(maxValues: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= maxValues) return otherLabel;
    known.add(value);
    return value;
  };
}
