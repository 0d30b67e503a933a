import type { TestApp, TestCaller } from './app.ts';
import { buildCall } from './calls.ts';
import type { Asked } from './fake-upstream.ts';

/** A line of a batch of chats, whose text is its custom id. */
export function chatLine(customId: string, model: string, more: Record<string, unknown> = {}): string {
  const body = { model, messages: [{ role: 'user', content: customId }], ...more };
  return JSON.stringify({ custom_id: customId, method: 'POST', url: '/v1/chat/completions', body });
}

/** The custom id in a question that `chatLine` made. */
export function askedFor({ json }: Asked): string {
  return (json as { messages: { content: string }[] }).messages.at(-1)?.content ?? '';
}

/** A file of the caller's, by the verbs. Answers its id. */
export async function storeFile(
  app: TestApp,
  caller: TestCaller,
  lines: readonly string[],
  purpose: 'batch' | 'user_data' = 'batch',
): Promise<string> {
  const principal = await app.deps.principals.ofUser(caller.userId);
  const call = buildCall({ principal });
  const content = (async function* () {
    yield Buffer.from(lines.map((line) => `${line}\n`).join(''));
  })();
  const upload = { content, mediaType: 'application/jsonl', name: 'input.jsonl', maxBytes: 1e9 };
  const blob = await app.verbs.storeBlob(upload, call);
  return (await app.verbs.createFile({ blob, purpose, expiresAfterMs: null }, call)).id;
}

/** The lines of a file of the caller's, as JSON; none of no file. */
export async function linesIn<Line>(
  app: TestApp,
  caller: TestCaller,
  fileId: string | null | undefined,
): Promise<Line[]> {
  if (fileId == null) return [];
  const file = await app.deps.files.find(caller.userId, fileId);
  if (!file) throw new Error(`there is no file ${fileId}`);
  const parts: Uint8Array[] = [];
  for await (const part of app.deps.blobs.read(caller.userId, file.blob.id)) parts.push(part);
  const text = Buffer.concat(parts).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}
