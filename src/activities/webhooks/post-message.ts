import { createHash } from 'node:crypto';
import type { Fault } from '../../adapters/http/fault.ts';
import type { Outbound } from '../../adapters/http/outbound.ts';
import type { JobRepository } from '../../adapters/mongo/jobs.ts';
import type { WebhookSigner } from '../../adapters/secrets/webhook-signer.ts';
import type { Config } from '../../config.ts';
import { type ErrorCode, GatewayError, type StoredError, storeError } from '../../core/errors.ts';
import type { WebhookOutcome } from '../../core/metrics.ts';
import { redactSecrets } from '../../core/redact.ts';
import { readRetryAfter } from '../../core/retry-after.ts';
import type { Delivery, DeliveryAttempt, WebhookEvent } from '../../core/webhook.ts';
import type { AttemptOutcome } from '../../core/webhooks/delivery-schedule.ts';
import { renderMessage } from '../../core/webhooks/message.ts';
import { webhookHeaders } from '../../core/webhooks/signature.ts';
import { schemesOf } from './address.ts';
import type { CurrentReceiver } from './receiver-of.ts';

/** Of an answer's body, what is read and what of that is kept. */
const maxReadBytes = 16 * 1024;
const maxKeptBytes = 4 * 1024;

export interface PostDependencies {
  config: Pick<Config, 'webhooks'>;
  clock: { now(): number };
  jobs: JobRepository;
  outbound: Pick<Outbound, 'post'>;
  webhookSigner: WebhookSigner;
}

/** Where a message goes, and what it is signed with. */
interface Addressee extends CurrentReceiver {
  /** In the open: they go nowhere but into the signature. */
  secrets: readonly string[];
}

/** One try, as the delivery's log keeps it and as the schedule looks at it. */
export interface Try {
  attempt: DeliveryAttempt;
  outcome: AttemptOutcome;
  /** For the figures. */
  kind: WebhookOutcome;
}

/** Signs the message about `event` and sends it once. */
export async function postMessage(
  deps: PostDependencies,
  { tries }: Delivery,
  event: WebhookEvent,
  { url, payload, secrets }: Addressee,
  signal: AbortSignal,
): Promise<Try> {
  const body = Buffer.from(renderMessage(event, payload === 'full' ? await resultOf(deps, event) : null));
  const at = deps.clock.now();
  const proof = deps.webhookSigner.sign({ id: event.id, timestamp: Math.floor(at / 1000), body, secrets });
  const headers = webhookHeaders(proof, tries + 1);
  const { timeoutMs } = deps.config.webhooks;
  const posted = await deps.outbound.post({
    url,
    schemes: schemesOf(deps.config),
    headers,
    body,
    timeoutMs,
    maxBytes: maxReadBytes,
    signal,
  });

  const { 'webhook-signature': _signature, ...requestHeaders } = headers;
  const sent = {
    at,
    durationMs: deps.clock.now() - at,
    requestHeaders,
    bodySha256: createHash('sha256').update(body).digest('hex'),
  };
  if (posted.fault !== null) {
    const error = storeError(new GatewayError(codeOf(posted.fault), posted.sentence));
    return {
      attempt: { ...sent, statusCode: null, responseBody: null, error },
      outcome: { statusCode: null, retryAfter: null },
      kind: kindOfFault[posted.fault],
    };
  }
  const { status, headers: answered } = posted;
  const wish = answered['retry-after'];
  return {
    attempt: { ...sent, statusCode: status, responseBody: kept(posted.body), error: errorOf(status) },
    outcome: {
      statusCode: status,
      retryAfter: typeof wish === 'string' ? readRetryAfter(wish, deps.clock.now()) : null,
    },
    kind: kindOfStatus(status),
  };
}

async function resultOf(deps: PostDependencies, { ownerId, jobId }: WebhookEvent) {
  const job = jobId === null ? null : await deps.jobs.find(ownerId, jobId);
  return job?.result ?? null;
}

/** Redacted before it is cut, so that no credential is left over that was cut through. */
function kept(body: Buffer): string {
  return Buffer.from(redactSecrets(body.toString('utf8')))
    .subarray(0, maxKeptBytes)
    .toString('utf8');
}

function errorOf(status: number): StoredError | null {
  if (status >= 200 && status < 300) return null;
  const what = status >= 300 && status < 400 ? `with a redirect (${status}), which is not followed` : String(status);
  return storeError(new GatewayError('upstream_error', `The receiver answered ${what}.`));
}

function codeOf(fault: Fault): ErrorCode {
  return fault === 'timeout' ? 'upstream_timeout' : 'upstream_error';
}

const kindOfFault: Record<Fault, WebhookOutcome> = {
  refused: 'blocked',
  dns: 'unreachable',
  connect: 'unreachable',
  tls: 'unreachable',
  timeout: 'timeout',
  reset: 'unreachable',
};

function kindOfStatus(status: number): WebhookOutcome {
  if (status >= 500) return 'server_error';
  return status >= 200 && status < 300 ? 'delivered' : 'refused';
}
