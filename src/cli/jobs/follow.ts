import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ApiClient } from '../http/api-client.ts';
import { readBytes } from '../http/read-bytes.ts';
import { readEvents } from '../http/read-events.ts';
import { endings, type JobEvent, pathOf } from './job.ts';
import { createPatience, type Link } from './patience.ts';

export interface FollowOptions {
  /** Answers the events behind this one. */
  after: number;
  signal: AbortSignal;
  /** The connection is gone; the next one begins behind `after`. */
  onDrop(after: number): void;
}

/**
 * A job's events up to its last, each once, over as many connections as it takes. Throws when the server refuses, or
 * cannot be reached for five minutes.
 */
export async function* followJob(
  api: ApiClient,
  jobId: string,
  { after, signal, onDrop }: FollowOptions,
): AsyncGenerator<JobEvent> {
  let position = after;
  const patience = createPatience(signal, (forMinutes, cause) => lost(jobId, position, forMinutes, cause));
  while (!signal.aborted) {
    try {
      for await (const event of readOnce(api, jobId, position, patience.link)) {
        position = event.sequence_number;
        yield event;
        if (isLast(event)) return;
      }
    } catch (error) {
      if (signal.aborted || error instanceof AlreadyEnded) return;
      patience.bear(error);
    }
    onDrop(position);
    await patience.pause();
  }
}

/** There is nothing behind the position, and never will be. */
class AlreadyEnded extends Error {}

async function* readOnce(api: ApiClient, jobId: string, after: number, link: Link): AsyncGenerator<JobEvent> {
  const bytes = readBytes(api, `${pathOf(jobId)}/events`, {
    headers: { accept: 'text/event-stream', 'last-event-id': String(after) },
    onOpen({ status }) {
      link.opened();
      if (status === 204) throw new AlreadyEnded();
    },
  });
  for await (const { event, data } of readEvents(heard(bytes, link))) {
    // What is not the job's is the server's: it stops, and another goes on.
    if (event.startsWith('job.')) yield JSON.parse(data) as JobEvent;
  }
}

async function* heard(body: AsyncIterable<Uint8Array>, link: Link): AsyncGenerator<Uint8Array> {
  for await (const bytes of body) {
    link.heard();
    yield bytes;
  }
}

function isLast(event: JobEvent): boolean {
  return endings.some((ending) => event.type === `job.${ending}`);
}

function lost(jobId: string, position: number, forMinutes: number, cause: unknown): CliError {
  return new CliError(
    exitCodes.unavailable,
    `The server has not been reached for ${forMinutes} minutes. The job is not lost: ` +
      `switchyard jobs watch ${jobId} --after ${position}`,
    { cause },
  );
}
