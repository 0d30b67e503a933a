import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { CliError, usageError } from '../cli-error.ts';
import { type CommandContext, command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { pairsIn } from '../pairs.ts';
import { awaitEnd } from './await-end.ts';
import type { Job } from './job.ts';
import { isFinal, pauseAfter } from './patience.ts';
import { readBody } from './read-body.ts';
import { printResultPatiently } from './result.ts';

/** Some seconds: longer than a connection takes to come back, shorter than anybody waits for nothing. */
const maxRepeats = 3;

export const submitJob = command({
  words: 'jobs submit',
  summary: 'Run a call as a job; prints its id, or with --wait its result',
  positionals: ['endpoint'],
  options: {
    body: { type: 'string', placeholder: 'JSON', description: 'Of the call; @FILE reads a file, @- standard input.' },
    model: { type: 'string', placeholder: 'NAME', description: "The body's `model`." },
    file: {
      type: 'string',
      multiple: true,
      placeholder: 'FIELD=FILE',
      description: 'A file of the call; may be repeated.',
    },
    metadata: { type: 'string', multiple: true, placeholder: 'KEY=VALUE', description: 'A label; may be repeated.' },
    'idempotency-key': {
      type: 'string',
      placeholder: 'KEY',
      description: 'The same key and call, the same job; made up unless given.',
    },
    webhook: { type: 'string', placeholder: 'URL', description: 'Is told when the job ends.' },
    wait: { type: 'boolean', description: 'Show the progress, then the result.' },
  },
  async run({ positionals: [endpoint = ''], values }, context) {
    const call = { ...(await readBody(values.body)), ...(values.model !== undefined && { model: values.model }) };
    const submission = {
      endpoint,
      body: call,
      metadata: Object.fromEntries(pairsIn('--metadata', values.metadata)),
      ...(values.webhook !== undefined && { webhook: { url: values.webhook } }),
    };
    const files = pairsIn('--file', values.file);
    const body = files.length === 0 ? submission : await formOf(submission, files);
    const job = await send(body, values['idempotency-key'] ?? randomUUID(), context);
    if (!values.wait) {
      context.out.line(context.json ? JSON.stringify(job) : job.id);
      return exitCodes.done;
    }
    const ended = await awaitEnd(job.id, 0, context.err, context);
    return ended === exitCodes.done ? printResultPatiently(job.id, context) : ended;
  },
});

/** Sent again under the same key, it is the same job: whether an answer that was lost had accepted it needs no asking. */
async function send(body: object, idempotencyKey: string, { api, err, signal }: CommandContext): Promise<Job> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await api.json<Job>('POST', '/v1/jobs', { body, headers: { 'idempotency-key': idempotencyKey } });
    } catch (error) {
      if (signal.aborted || isFinal(error) || failures === maxRepeats) throw error;
      err.line(`${error instanceof CliError ? error.message : 'The connection is gone.'} Sending it again.`);
    }
    await pauseAfter(failures, signal);
  }
}

/** In a form, what is no text is JSON. */
async function formOf(submission: object, files: readonly [field: string, path: string][]): Promise<FormData> {
  const form = new FormData();
  for (const [name, value] of Object.entries(submission)) {
    form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  for (const [field, path] of files) {
    const file = await openAsBlob(path).catch((cause: Error) => {
      throw usageError(`--file cannot be read: ${cause.message}.`);
    });
    form.append(field, file, basename(path));
  }
  return form;
}
