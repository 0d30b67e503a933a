import type { ConversationRepository } from '../../adapters/mongo/conversations.ts';
import type { JobRepository } from '../../adapters/mongo/jobs.ts';
import type { ResponseRepository } from '../../adapters/mongo/responses.ts';
import type { RouterRepository } from '../../adapters/mongo/routers.ts';
import type { TokenCounter } from '../../adapters/tokens/token-counter.ts';
import type { Config } from '../../config.ts';
import type { BlobStore } from '../../core/blob.ts';
import type { Verbs } from '../../core/verbs.ts';
import type { ResponseStorage } from './storage.ts';

/** What answers are kept with. */
export interface StoreDependencies {
  responses: ResponseRepository;
  conversations: ConversationRepository;
  blobs: BlobStore;
  jobs: JobRepository;
}

export interface ResponseDependencies extends StoreDependencies {
  config: Pick<Config, 'chat'>;
  storage: ResponseStorage;
  routers: RouterRepository;
  clock: { now(): number };
  newJobId(now: number): string;
  tokens: TokenCounter;
  /** The verbs that answers are made of, and those of the jobs that some of them are. Asked for when one is made. */
  verbs: () => Pick<Verbs, 'chat' | 'getJob' | 'cancelJob' | 'deleteJob' | 'waitForJob' | 'followJob'>;
}
