import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createOnce } from './create-once.ts';

export interface MasterKey {
  key: string;
  /** The file it was written to just now, at the first start; null ever after. */
  createdIn: string | null;
}

/** The configured key, or the one in `<dataDir>/master-key`, which is made at the first start. */
export async function loadMasterKey(configured: string | null, dataDir: string): Promise<MasterKey> {
  if (configured !== null) return { key: configured, createdIn: null };
  const path = join(dataDir, 'master-key');
  const isNew = await createOnce(path, () => `${randomBytes(32).toString('base64url')}\n`);
  return { key: (await readFile(path, 'utf8')).trim(), createdIn: isNew ? path : null };
}
