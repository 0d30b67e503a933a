/** Every workflow by the name it is started with. */
export { closeBatch } from './close-batch.ts';
export { deliverWebhook } from './deliver-webhook.ts';
export { ingestDocument } from './ingest-document.ts';
export { reconcile } from './reconcile.ts';
export { runBatch } from './run-batch.ts';
export { runCall } from './run-call.ts';
