/** `node engines/models/fetch.ts`: puts the local models into MODELS_DIR, for an image or a machine without network. */
import { runMain } from '../launcher-error.ts';
import { createProgress } from '../progress.ts';
import { readSettings } from '../settings.ts';
import { ensureModel } from './ensure-model.ts';
import { miniLm } from './locked-models.ts';

await runMain(async () => {
  const directory = await ensureModel(miniLm, readSettings(), createProgress());
  process.stdout.write(`${directory}\n`);
});
