/** Where an answer of `address` leads on to. Null where that is no address, or https would be left for less. */
export function redirectTarget(address: string, location: string): string | null {
  const next = URL.parse(location, address);
  const isDowngrade = new URL(address).protocol === 'https:' && next?.protocol !== 'https:';
  return next === null || isDowngrade ? null : next.href;
}
