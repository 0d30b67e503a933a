import { randomBytes } from 'node:crypto';
import { assertThat } from '../../core/errors.ts';
import type { WebhookVerbs } from '../../core/verbs.ts';
import type { WebhookEndpoint } from '../../core/webhook.ts';
import { healthy } from '../../core/webhooks/receiver-health.ts';
import { checkReceiver } from './address.ts';
import { findEndpoint, missingEndpoint, ownerOfWebhooks, type WebhookDependencies } from './dependencies.ts';
import { reasons } from './receiver-of.ts';
import type { SigningSecrets } from './signing-secrets.ts';

type EndpointVerbs = Pick<
  WebhookVerbs,
  | 'createWebhookEndpoint'
  | 'listWebhookEndpoints'
  | 'getWebhookEndpoint'
  | 'updateWebhookEndpoint'
  | 'deleteWebhookEndpoint'
  | 'rotateWebhookSecret'
  | 'rotateAccountWebhookSecret'
  | 'listWebhookKeys'
>;

/** Receivers of a caller's own, and what messages to them are signed with. */
export function createEndpointVerbs(deps: WebhookDependencies, signing: SigningSecrets): EndpointVerbs {
  const { webhookEndpoints, webhookDeliveries, clock } = deps;
  const { maxEndpoints } = deps.config.webhooks;

  return {
    async createWebhookEndpoint(wanted, call) {
      const ownerId = ownerOfWebhooks(call);
      await checkReceiver(deps, wanted.url, 'url', call.signal);
      const now = clock.now();
      const endpoint: WebhookEndpoint = {
        ...wanted,
        id: `we_${randomBytes(16).toString('hex')}`,
        ownerId,
        status: 'enabled',
        disabledReason: null,
        ...healthy,
        createdAt: now,
        updatedAt: now,
      };
      const { secret, stored } = signing.issue();
      const isTaken = await webhookEndpoints.insert(endpoint, stored, maxEndpoints);
      assertThat(isTaken, 'conflict', `There are ${maxEndpoints} webhook endpoints already, which is the most.`);
      return { endpoint, secret };
    },

    async listWebhookEndpoints(page, call) {
      const found = await webhookEndpoints.list(ownerOfWebhooks(call), page);
      assertThat(found, 'invalid_request', `There is no webhook endpoint '${page.after}'.`, { param: 'after' });
      return { endpoints: found.slice(0, page.limit), hasMore: found.length > page.limit };
    },

    getWebhookEndpoint: ({ id }, call) => findEndpoint(deps, id, call),

    async updateWebhookEndpoint({ id, changes }, call) {
      const { status, ...fields } = changes;
      const { ownerId } = await findEndpoint(deps, id, call);
      if (fields.url !== undefined) await checkReceiver(deps, fields.url, 'url', call.signal);
      const now = clock.now();
      if (Object.keys(fields).length > 0) await webhookEndpoints.update(ownerId, id, fields, now);
      if (status === 'enabled') await webhookEndpoints.enable(ownerId, id, now);
      if (status === 'disabled') await webhookEndpoints.disable({ ownerId, id, url: null }, 'caller', now);
      return findEndpoint(deps, id, call);
    },

    async deleteWebhookEndpoint({ id }, call) {
      const ownerId = ownerOfWebhooks(call);
      if (!(await webhookEndpoints.remove(ownerId, id))) missingEndpoint(id);
      await webhookDeliveries.abandon(ownerId, id, reasons.deleted, clock.now());
    },

    async rotateWebhookSecret({ id, overlapMs }, call) {
      const { ownerId } = await findEndpoint(deps, id, call);
      const secret = await signing.rotateEndpoint(ownerId, id, overlapMs);
      if (secret === null) missingEndpoint(id);
      return { endpoint: await findEndpoint(deps, id, call), secret };
    },

    async rotateAccountWebhookSecret({ overlapMs }, call) {
      return { secret: await signing.rotateAccount(ownerOfWebhooks(call), overlapMs) };
    },

    async listWebhookKeys() {
      return deps.webhookSigner.publicKeys();
    },
  };
}
