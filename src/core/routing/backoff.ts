const baseMs = 500;
const maxMs = 8_000;

/** How long to wait before asking the same upstream again, after `failures` failures. Full jitter; `random` is 0 to 1. */
export function backoffMs(failures: number, random: number): number {
  return Math.round(random * Math.min(maxMs, baseMs * 2 ** (failures - 1)));
}
