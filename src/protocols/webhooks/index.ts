import type { Dialect } from '../../core/endpoint.ts';
import { renderError } from '../jobs/errors.ts';
import { createWebhookEndpoint } from './create-endpoint.ts';
import { deleteWebhookEndpoint } from './delete-endpoint.ts';
import { getWebhookDelivery } from './get-delivery.ts';
import { getWebhookEndpoint } from './get-endpoint.ts';
import { listWebhookKeys, wellKnownWebhookKeys } from './keys.ts';
import { listWebhookDeliveries } from './list-deliveries.ts';
import { listWebhookEndpoints } from './list-endpoints.ts';
import { recoverWebhookEndpoint } from './recover-endpoint.ts';
import { retryWebhookDeliveries } from './retry-deliveries.ts';
import { retryWebhookDelivery } from './retry-delivery.ts';
import { rotateAccountWebhookSecret } from './rotate-account-secret.ts';
import { rotateWebhookSecret } from './rotate-endpoint-secret.ts';
import { testWebhookEndpoint } from './test-endpoint.ts';
import { updateWebhookEndpoint } from './update-endpoint.ts';

/** Our own API: who is told of what happens to jobs, and what became of each message. */
export const webhooks: Dialect = {
  name: 'webhooks',
  endpoints: [
    createWebhookEndpoint,
    listWebhookEndpoints,
    getWebhookEndpoint,
    updateWebhookEndpoint,
    deleteWebhookEndpoint,
    testWebhookEndpoint,
    rotateWebhookSecret,
    recoverWebhookEndpoint,
    listWebhookDeliveries,
    getWebhookDelivery,
    retryWebhookDelivery,
    retryWebhookDeliveries,
    rotateAccountWebhookSecret,
    listWebhookKeys,
    wellKnownWebhookKeys,
  ],
  owns: (path) => path === '/.well-known/webhooks' || path === '/v1/webhooks' || path.startsWith('/v1/webhooks/'),
  renderError,
};
