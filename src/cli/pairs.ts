import { usageError } from './cli-error.ts';

/** `['team=a']` -> `[['team', 'a']]`; the value may have further `=` in it. */
export function pairsIn(option: string, texts: readonly string[] = []): [key: string, value: string][] {
  return texts.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw usageError(`${option} wants KEY=VALUE, got '${text}'.`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
}
