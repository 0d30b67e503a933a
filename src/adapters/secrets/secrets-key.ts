import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createOnce } from './create-once.ts';

/**
 * What other systems' keys are sealed with: the configured secret, or the one in `<dataDir>/secrets-key`, which is made
 * at the first start. Processes that share a database must share it.
 */
export async function loadSecretsKey(configured: string | null, dataDir: string): Promise<string> {
  if (configured !== null) return configured;
  const path = join(dataDir, 'secrets-key');
  await createOnce(path, () => `${randomBytes(32).toString('base64url')}\n`);
  return (await readFile(path, 'utf8')).trim();
}
