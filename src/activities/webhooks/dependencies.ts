import type { Outbound } from '../../adapters/http/outbound.ts';
import type { WebhookDeliveryRepository } from '../../adapters/mongo/webhook-deliveries.ts';
import type { WebhookEventRepository } from '../../adapters/mongo/webhook-events.ts';
import type { Config } from '../../config.ts';
import { ownerOf } from '../../core/access.ts';
import type { Call } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import type { WebhookEndpoint } from '../../core/webhook.ts';
import type { Deliveries } from './deliveries.ts';
import type { SigningDependencies } from './signing-secrets.ts';

export interface WebhookDependencies extends SigningDependencies {
  config: Pick<Config, 'webhooks'>;
  webhookEvents: WebhookEventRepository;
  webhookDeliveries: WebhookDeliveryRepository;
  deliveries: Deliveries;
  outbound: Pick<Outbound, 'check'>;
}

export function ownerOfWebhooks({ principal }: Call): number {
  return ownerOf(principal, 'webhook endpoints');
}

/** Throws `not_found`. */
export async function findEndpoint(
  deps: Pick<WebhookDependencies, 'webhookEndpoints'>,
  id: string,
  call: Call,
): Promise<WebhookEndpoint> {
  return (await deps.webhookEndpoints.find(ownerOfWebhooks(call), id)) ?? missingEndpoint(id);
}

export function missingEndpoint(id: string): never {
  throw new GatewayError('not_found', `Webhook endpoint ${id} not found.`);
}
