import { type Connection, isGrpcServiceError, ServiceError } from '@temporalio/client';
import { defineSearchAttributeKey, type SearchAttributePair, TypedSearchAttributes } from '@temporalio/common';
import type { Logger } from '../../core/call.ts';
import type { Job } from '../../core/job.ts';
import { jobAttributes } from '../../core/job-attributes.ts';
import { type Patience, timely } from './engine-call.ts';

/** Temporal's number for an attribute that is compared as a whole. */
const keyword = 2;
/** After a refusal, jobs go without for this long. */
const retryAfterMs = 10_000;

const keys = {
  owner: defineSearchAttributeKey(jobAttributes.owner, 'KEYWORD'),
  operation: defineSearchAttributeKey(jobAttributes.operation, 'KEYWORD'),
  model: defineSearchAttributeKey(jobAttributes.model, 'KEYWORD'),
  stage: defineSearchAttributeKey(jobAttributes.stage, 'KEYWORD'),
};

/**
 * What a job can be found by in the engine's own search. The names must be registered there; where we may not do that, or
 * until it is known everywhere, jobs start without: being found is worth no job.
 */
export function createJobAttributes(connection: Connection, settings: Patience & { namespace: string }, log: Logger) {
  const { namespace } = settings;
  let registered: Promise<boolean> | null = null;
  let retryAt = 0;
  let hasTold = false;

  function giveUpForNow(error: unknown): false {
    retryAt = Date.now() + retryAfterMs;
    registered = null;
    if (!hasTold)
      log.warn({ err: error }, 'jobs cannot be searched for in the workflow engine: see docs/operations.md');
    hasTold = true;
    return false;
  }

  async function register(): Promise<boolean> {
    const { operatorService } = connection;
    const names = Object.values(jobAttributes);
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    const missing = names.filter((name) => !(name in customAttributes));
    if (missing.length === 0) return true;
    const searchAttributes = Object.fromEntries(missing.map((name) => [name, keyword]));
    await operatorService.addSearchAttributes({ namespace, searchAttributes });
    return true;
  }

  return {
    /** Null while the engine does not know their names. */
    async of(job: Job): Promise<TypedSearchAttributes | null> {
      if (registered === null && Date.now() < retryAt) return null;
      registered ??= timely(connection, settings, register).catch(giveUpForNow);
      return (await registered) ? attributesOf(job) : null;
    },

    /** Whether a start was refused for its attributes; it is then worth another try without. */
    wereRefused(error: unknown): boolean {
      const answer = error instanceof ServiceError ? error.cause : error;
      const refused = isGrpcServiceError(answer) && /search ?attribute/i.test(answer.details);
      if (refused) giveUpForNow(error);
      return refused;
    },
  };
}

function attributesOf(job: Job): TypedSearchAttributes {
  const pairs: SearchAttributePair[] = [
    { key: keys.owner, value: String(job.ownerId) },
    { key: keys.operation, value: job.request.operation },
    { key: keys.stage, value: job.kind },
  ];
  if (job.model !== null) pairs.push({ key: keys.model, value: job.model });
  return new TypedSearchAttributes(pairs);
}
