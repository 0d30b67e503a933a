/** Entry of the thread that splits the texts of one document. It is ended rather than asked to stop. */
import { parentPort } from 'node:worker_threads';
import { GatewayError, storeError } from '../../../core/errors.ts';
import { splitterOptions } from '../../../core/splitter/options.ts';
import { type SplitOptions, splitText } from '../../../core/splitter/split.ts';
import { createExpressionCompiler } from '../user-regex.ts';
import { packSpans, type Reply, type Request } from './messages.ts';

if (parentPort === null) throw new Error('this module runs as a thread only');
const port = parentPort;
const compileExpression = createExpressionCompiler();
let options: SplitOptions;
let maxSpans: number;

port.on('message', (request: Request) => {
  try {
    answer(request);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    send({ kind: 'failed', error: storeError(error) });
  }
});
send({ kind: 'ready' });

function answer(request: Request): void {
  if (request.kind === 'open') {
    options = splitterOptions(request.settings, compileExpression);
    maxSpans = request.maxSpans;
    send({ kind: 'ready' });
    return;
  }
  const spans = packSpans(splitText(request.text, options, maxSpans));
  send({ kind: 'spans', spans }, [spans.buffer]);
}

function send(reply: Reply, transferred: ArrayBuffer[] = []): void {
  port.postMessage(reply, transferred);
}
