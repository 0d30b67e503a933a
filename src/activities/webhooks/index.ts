import type { WebhookVerbs } from '../../core/verbs.ts';
import type { WebhookDependencies } from './dependencies.ts';
import { createEndpointVerbs } from './endpoints.ts';
import { createReplayVerbs } from './replay.ts';
import { createSigningSecrets } from './signing-secrets.ts';

/** What callers do about webhooks. Sending them is the matter of steps. */
export function createWebhookVerbs(deps: WebhookDependencies): WebhookVerbs {
  return { ...createEndpointVerbs(deps, createSigningSecrets(deps)), ...createReplayVerbs(deps) };
}
