import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { createWorker, type Line, OEM, PSM, type Worker } from 'tesseract.js';
import { GatewayError } from '../../../core/errors.ts';
import type { GreyImage } from './grey-image.ts';

interface Engine {
  worker: Worker;
  /** The languages whose data the worker has. The library keeps this very list and loads what is not in it. */
  loaded: string[];
  /** The languages that it reads now. */
  current: string;
}

let engine: Engine | null = null;

const parameters = {
  user_defined_dpi: '300',
  // Its remarks would go to the standard output of a process that has other uses for it.
  debug_file: '/dev/null',
};

/** Where the trained data of a language is: each comes as a package of its own. */
function dataFolder(language: string): string {
  try {
    if (!/^[a-z]{3}(?:_[a-z]+)*$/i.test(language)) throw new Error('not a language code');
    const manifest = fileURLToPath(import.meta.resolve(`@tesseract.js-data/${language}/package.json`));
    return join(dirname(manifest), '4.0.0_best_int');
  } catch (cause) {
    const message = `Text in the language '${language}' cannot be recognised: its data is not installed here.`;
    throw new GatewayError('unprocessable_document', message, { cause });
  }
}

async function start(language: string): Promise<Engine> {
  const loaded = [language];
  const worker = await createWorker(loaded, OEM.LSTM_ONLY, {
    langPath: dataFolder(language),
    gzip: true,
    cacheMethod: 'none',
    // Without a handler the library throws where nobody can catch; the promise of the call is rejected as well.
    errorHandler: () => {},
  });
  await worker.setParameters(parameters);
  return { worker, loaded, current: language };
}

/** The data of one package is read by the worker itself, that of others it is given: it knows one folder only. */
async function engineFor(languages: readonly string[]): Promise<Worker> {
  const folders = new Map(languages.map((language) => [language, dataFolder(language)]));
  const wanted = languages.join('+');
  engine ??= await start(languages[0] ?? 'eng');
  const { worker, loaded, current } = engine;
  if (current === wanted) return worker;
  for (const [language, folder] of folders) {
    if (loaded.includes(language)) continue;
    const data = gunzipSync(readFileSync(join(folder, `${language}.traineddata.gz`)));
    await worker.FS('writeFile', [`./${language}.traineddata`, data]);
    loaded.push(language);
  }
  await worker.reinitialize(wanted);
  await worker.setParameters(parameters);
  engine.current = wanted;
  return worker;
}

/** A portable greymap: what the engine reads without decoding. */
const portableGreymap = ({ width, height, pixels }: GreyImage): Buffer =>
  Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), pixels]);

/** How a picture is laid out: as a page, or as words that stand anywhere. */
export type Arrangement = 'page' | 'scattered';

const segmentation = { page: PSM.AUTO, scattered: PSM.SPARSE_TEXT } as const satisfies Record<Arrangement, PSM>;

/** The lines of an upright picture. One worker is started on first use and kept for the life of the process. */
export async function readLines(
  image: GreyImage,
  languages: readonly string[],
  arrangement: Arrangement = 'page',
): Promise<Line[]> {
  const worker = await engineFor(languages);
  await worker.setParameters({ tessedit_pageseg_mode: segmentation[arrangement] });
  const { data } = await worker.recognize(portableGreymap(image), {}, { text: false, blocks: true });
  return data.blocks?.flatMap((block) => block.paragraphs.flatMap((paragraph) => paragraph.lines)) ?? [];
}

/** Ends the worker, which would keep a process alive that has nothing else to do. */
export async function stopEngine(): Promise<void> {
  await engine?.worker.terminate();
  engine = null;
}
