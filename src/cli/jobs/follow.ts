import { setTimeout as delay } from 'node:timers/promises';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { type ApiClient, ApiError } from '../http/api-client.ts';
import { readEvents } from '../http/read-events.ts';
import { endings, type JobEvent, pathOf } from './job.ts';

/** The server pings every 15 s: a connection that is silent for longer is dead without having said so. */
const maxSilenceMs = 45_000;
const firstDelayMs = 500;
const maxDelayMs = 10_000;
const giveUpAfterMs = 5 * 60_000;

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
  let failures = 0;
  let lastHeardAt = Date.now();
  const link: Link = {
    opened() {
      lastHeardAt = Date.now();
    },
    heard() {
      lastHeardAt = Date.now();
      failures = 0;
    },
  };
  while (!signal.aborted) {
    try {
      for await (const event of readOnce(api, jobId, position, link)) {
        position = event.sequence_number;
        yield event;
        if (isLast(event)) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof AlreadyEnded) return;
      if (error instanceof ApiError && error.status < 500 && error.status !== 429) throw error;
      if (Date.now() - lastHeardAt > giveUpAfterMs) throw lost(jobId, position, error);
    }
    onDrop(position);
    await delay(Math.min(maxDelayMs, firstDelayMs * 2 ** failures), undefined, { signal }).catch(() => undefined);
    failures += 1;
  }
}

/** Told of every sign of life: a quiet job's server is there as long as it takes connections, and pings. */
interface Link {
  opened(): void;
  heard(): void;
}

/** There is nothing behind the position, and never will be. */
class AlreadyEnded extends Error {}

async function* readOnce(api: ApiClient, jobId: string, after: number, link: Link): AsyncGenerator<JobEvent> {
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(), maxSilenceMs);
  try {
    const response = await api.open('GET', `${pathOf(jobId)}/events`, {
      headers: { accept: 'text/event-stream', 'last-event-id': String(after) },
      signal: silent.signal,
    });
    link.opened();
    if (response.status === 204) throw new AlreadyEnded();
    if (!response.body) return;
    for await (const { event, data } of readEvents(alive(response.body, timer, link))) {
      // What is not the job's is the server's: it stops, and another goes on.
      if (event.startsWith('job.')) yield JSON.parse(data) as JobEvent;
    }
  } finally {
    clearTimeout(timer);
  }
}

async function* alive(body: AsyncIterable<Uint8Array>, timer: NodeJS.Timeout, link: Link): AsyncGenerator<Uint8Array> {
  for await (const bytes of body) {
    timer.refresh();
    link.heard();
    yield bytes;
  }
}

function isLast(event: JobEvent): boolean {
  return endings.some((ending) => event.type === `job.${ending}`);
}

function lost(jobId: string, position: number, cause: unknown): CliError {
  return new CliError(
    exitCodes.unavailable,
    `The server has not been reached for ${giveUpAfterMs / 60_000} minutes. The job is not lost: ` +
      `switchyard jobs watch ${jobId} --after ${position}`,
    { cause },
  );
}
