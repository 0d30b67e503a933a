import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

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

/** Several API processes may start together: a file is linked into place whole, and the first one wins. */
async function createOnce(path: string, content: () => string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(draft, content(), { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(draft);
  }
}
