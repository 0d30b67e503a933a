import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createWorker, OEM, type Page, PSM, type Worker } from 'tesseract.js';
import { GatewayError } from '../../../core/errors.ts';
import type { GreyImage } from './grey-image.ts';

interface Engine {
  worker: Worker;
  language: string;
}

let engine: Engine | null = null;

/** Where the trained data of a language is: each comes as a package of its own. */
function dataFolder(language: string): string {
  try {
    const manifest = fileURLToPath(import.meta.resolve(`@tesseract.js-data/${language}/package.json`));
    return join(dirname(manifest), '4.0.0_best_int');
  } catch (thrown) {
    const message = `Text in the language '${language}' cannot be recognised here: its data is not installed.`;
    throw new GatewayError('unprocessable_document', message, { cause: thrown });
  }
}

async function start(language: string): Promise<Engine> {
  const worker = await createWorker(language, OEM.LSTM_ONLY, {
    langPath: dataFolder(language),
    gzip: true,
    cacheMethod: 'none',
    // Without a handler the library throws where nobody can catch; the promise of the call is rejected as well.
    errorHandler: () => {},
  });
  await worker.setParameters({ tessedit_pageseg_mode: PSM.AUTO, user_defined_dpi: '300', debug_file: '/dev/null' });
  return { worker, language };
}

/** A portable greymap: what the engine reads without decoding. */
const portableGreymap = ({ width, height, pixels }: GreyImage): Buffer =>
  Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), pixels]);

/** Recognises an upright picture. One worker is started on first use and kept for the life of the process. */
export async function readPicture(image: GreyImage, language: string): Promise<Page> {
  if (engine !== null && engine.language !== language) {
    await engine.worker.terminate();
    engine = null;
  }
  engine ??= await start(language);
  const { data } = await engine.worker.recognize(portableGreymap(image), {}, { text: false, blocks: true });
  return data;
}

/** Ends the worker, which would keep a process alive that has nothing else to do. */
export async function stopEngine(): Promise<void> {
  await engine?.worker.terminate();
  engine = null;
}
