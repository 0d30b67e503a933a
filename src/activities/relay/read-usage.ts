import { readOpenAiUsage } from '../../core/openai-usage.ts';
import type { Usage } from '../../core/usage.ts';
import { memberSpans } from './json-members.ts';

const usageObject = /"usage"\s*:\s*\{/;

/**
 * The usage that an answer, or a frame of one, tells: its own, or that of the response it brings. What the caller has
 * put into its tools or labels comes back in the same answer and may look like one; it stands deeper and is not read.
 */
export function usageIn(json: Buffer): Usage | null {
  // Most frames of a stream have none, or a null: they are not worth a walk.
  if (!json.includes('"usage"') || !usageObject.test(json.toString('latin1'))) return null;
  const places = [json, ...memberSpans(json, 'response').map(({ start, end }) => json.subarray(start, end))];
  return places.flatMap(usagesOf).at(-1) ?? null;
}

function usagesOf(object: Buffer): Usage[] {
  return memberSpans(object, 'usage').flatMap(({ start, end }) => readUsage(object.toString('utf8', start, end)) ?? []);
}

function readUsage(text: string): Usage | null {
  try {
    return readOpenAiUsage(JSON.parse(text));
  } catch {
    return null;
  }
}
