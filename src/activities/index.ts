import type { Call } from '../core/call.ts';
import type { Verbs } from '../core/verbs.ts';
import { createBatchAdmission, createEmbedBatchAdmission } from './batches/admission.ts';
import { createBatchSteps, createBatchVerbs } from './batches/index.ts';
import { createBlobVerbs } from './blobs.ts';
import { createChat, createChatAdmission } from './chat.ts';
import { withFiles, withFilesAdmission } from './chat-files.ts';
import { withKeeping, withKeepingAdmission } from './chat-keeping.ts';
import { withSearch, withSearchAdmission } from './chat-search.ts';
import { createAddChunksAdmission } from './chunks/add-chunks.ts';
import { createChunkVerbs } from './chunks/index.ts';
import { createCollectionVerbs } from './collections/index.ts';
import { createConversationVerbs } from './conversations/index.ts';
import type { Dependencies } from './dependencies.ts';
import { createCreateDocument } from './documents/create-document.ts';
import { createDocumentVerbs } from './documents/index.ts';
import { purgeDeleted } from './documents/purge-deleted.ts';
import { createReadMarkdown } from './documents/read-markdown.ts';
import { createEmbed, createEmbedAdmission } from './embed.ts';
import { createFileRoom } from './file-room.ts';
import { createFileVerbs } from './files/index.ts';
import { createModelFiles } from './files/model-files.ts';
import { createFileStorage } from './files/storage.ts';
import { createCheckHealth } from './health.ts';
import { createIdentityVerbs } from './identity/index.ts';
import { createIngestAdmission } from './ingest/admission.ts';
import { createIngestSteps } from './ingest/index.ts';
import { createJobVerbs } from './jobs/index.ts';
import { createListUsage } from './metering/list-usage.ts';
import { createMeter } from './metering/meter.ts';
import { createModelAdminVerbs } from './models/index.ts';
import { createModelVerbs } from './models/offered.ts';
import { createReasoningSeal } from './reasoning-seal.ts';
import { createRerank, createRerankAdmission } from './rerank.ts';
import { createRespondAdmission } from './responses/admission.ts';
import { createResponseVerbs } from './responses/index.ts';
import { createResponseStorage } from './responses/storage.ts';
import { createServe } from './routing/serve.ts';
import { createSearchAdmission } from './search/admission.ts';
import { createSearch } from './search/index.ts';
import { createShortCallSteps } from './short-calls/index.ts';
import { createStoredChatVerbs } from './stored-chats.ts';
import { createUploadVerbs } from './uploads/index.ts';
import { purgeUploads } from './uploads/parts.ts';
import { createDeliveries } from './webhooks/deliveries.ts';
import { createDeliverySteps } from './webhooks/delivery-steps.ts';
import { createWebhookVerbs } from './webhooks/index.ts';
import { createSigningSecrets } from './webhooks/signing-secrets.ts';
import { withOutages } from './with-outages.ts';

/** Every verb, made from what it needs. One line per group. */
export function createVerbs(given: Omit<Dependencies, 'serve' | 'meter' | 'reasoningSeal' | 'fileStorage'>): Verbs {
  const deps: Dependencies = {
    ...given,
    serve: createServe(given),
    meter: createMeter(given),
    reasoningSeal: createReasoningSeal(given.reasoningSignatures),
    fileStorage: createFileStorage(given),
  };
  const search = createSearch(deps);
  const files = createModelFiles(deps);
  const plainAdmission = createChatAdmission(deps);
  const chatAdmission = withFilesAdmission(files, plainAdmission);
  const searchAdmission = createSearchAdmission(deps);
  const admissions = {
    chat: withKeepingAdmission(deps, withSearchAdmission(chatAdmission, searchAdmission)),
    respond: createRespondAdmission(deps, chatAdmission),
    rerank: createRerankAdmission(deps),
    embed: createEmbedAdmission(deps),
    createDocument: createIngestAdmission(deps),
    addChunks: createAddChunksAdmission(deps),
    search: searchAdmission,
    createBatch: createBatchAdmission(deps),
    embedBatch: createEmbedBatchAdmission(deps),
  };
  const cancelJob: Verbs['cancelJob'] = (ref, call) => verbs.cancelJob(ref, call);
  const libraryDeps = { ...deps, cancelJob };
  const responseStorage = createResponseStorage(deps);
  const jobDeps = {
    ...deps,
    purgeDeleted: async (limit: number, call: Call) =>
      (await purgeDeleted(libraryDeps, limit, call)) +
      (await responseStorage.purge(limit)) +
      (await deps.fileStorage.purge(limit)) +
      (await deps.conversations.sweepItems()) +
      (await purgeUploads(deps, limit)),
  };
  const deliveries = createDeliveries(deps);
  deps.webhookOutbox.onOwed((owed) => owed.forEach(deliveries.soon));
  const jobs = createJobVerbs(jobDeps, admissions, () => verbs);
  const verbs: Verbs = {
    ...createIdentityVerbs(deps),
    chat: withKeeping(
      deps,
      withSearch(
        { search, admission: chatAdmission },
        withFiles({ files, room: createFileRoom(files), admission: plainAdmission }, createChat(deps)),
      ),
    ),
    embed: createEmbed(deps),
    rerank: createRerank(deps),
    ...createStoredChatVerbs(deps),
    ...createModelVerbs(deps),
    ...createModelAdminVerbs(deps),
    listUsage: createListUsage(deps),
    ...createConversationVerbs(deps),
    ...createCollectionVerbs(libraryDeps),
    createDocument: createCreateDocument(deps),
    ...createDocumentVerbs(libraryDeps),
    readMarkdown: createReadMarkdown(deps),
    ...createChunkVerbs(deps),
    search,
    ...createBlobVerbs(deps),
    ...createFileVerbs(deps),
    ...createUploadVerbs(deps),
    ...createResponseVerbs({ ...deps, verbs: () => verbs }),
    ...createWebhookVerbs({ ...deps, deliveries }),
    ...jobs.verbs,
    ...createBatchVerbs(deps, () => verbs),
    ...createBatchSteps({ ...deps, lifecycle: jobs.lifecycle }, () => verbs),
    ...createDeliverySteps({ ...deps, deliveries, signing: createSigningSecrets(deps) }),
    ...createIngestSteps({ ...deps, lifecycle: jobs.lifecycle }),
    ...createShortCallSteps(deps, () => verbs),
    checkHealth: createCheckHealth(deps),
  };
  return withOutages(verbs, deps.isStoreOutage);
}
