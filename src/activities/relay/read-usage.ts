import { readOpenAiUsage } from '../../core/openai-usage.ts';
import type { Usage } from '../../core/usage.ts';
import { memberSpans } from './json-members.ts';

const usageObject = /"usage"\s*:\s*\{/;

/**
 * The usage that a frame of a stream tells: its own, or that of the response it brings. What the caller has put into its
 * tools or labels comes back in the same frame and may look like one; it stands deeper and is not read.
 */
export function usageIn(frame: Buffer): Usage | null {
  // Most frames of a stream have none, or a null: they are not worth a walk.
  if (!frame.includes('"usage"') || !usageObject.test(frame.toString('latin1'))) return null;
  const places = [frame, ...memberSpans(frame, 'response').map(({ start, end }) => frame.subarray(start, end))];
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
