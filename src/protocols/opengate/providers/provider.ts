import { z } from 'zod';
import { type ModelProvider, qosMetrics, vendorNames } from '../../../core/models.ts';
import { pathId, toSeconds } from '../fields.ts';
import { hostingZone } from '../hosting-zone.ts';

const maxSeconds = 3_600;

/** What a provider is told when it is made, and may be told anew. */
export const settings = {
  timeout: z.int().positive().max(maxSeconds).describe('Seconds a call may take.'),
  model_hosting_zone: hostingZone,
  model_total_params: z.int().nonnegative().describe('Billions of parameters, for the carbon footprint; 0 if unknown.'),
  model_active_params: z.int().nonnegative().describe('Those of them that work on each token.'),
  qos_metric: z
    .enum(qosMetrics, { error: 'Only `inflight`, the calls under way, can be limited here.' })
    .describe('What is bounded by qos_limit.'),
  qos_limit: z.number().nonnegative().describe('A provider over its limit gets no call; 0 closes it.'),
};

interface Qos {
  qos_metric?: string | null | undefined;
  qos_limit?: number | null | undefined;
}

/** For `refine`: a metric bounds nothing without a limit. */
export const hasQosLimit = ({ qos_metric, qos_limit }: Qos) => qos_metric == null || qos_limit != null;
export const noQosLimit = { error: 'QoS value is required if QoS metric is provided.', path: ['qos_limit'] };

export const newProvider = z.object({
  id: z.int(),
  router_id: z.int(),
  user_id: z.int().describe('Who made it; 0 for the master key and the configuration.'),
  type: z.enum(vendorNames),
  url: z.string().nullable(),
  key: z.null().describe('Never shown.'),
  timeout: z.int(),
  model_name: z.string(),
  model_hosting_zone: z.string(),
  model_total_params: z.int(),
  model_active_params: z.int(),
  qos_metric: z.enum(qosMetrics).nullable(),
  qos_limit: z.number().nullable(),
  created: z.int(),
  updated: z.int(),
});

export const provider = newProvider.extend({ object: z.literal('provider') });

export function presentNewProvider(stored: ModelProvider): z.input<typeof newProvider> {
  return {
    id: stored.id,
    router_id: stored.routerId,
    user_id: stored.ownerId ?? 0,
    type: stored.vendor,
    url: stored.url,
    key: null,
    timeout: stored.timeoutMs / 1000,
    model_name: stored.modelName,
    model_hosting_zone: stored.hostingZone,
    model_total_params: stored.totalParams,
    model_active_params: stored.activeParams,
    qos_metric: stored.qosMetric,
    qos_limit: stored.qosLimit,
    created: toSeconds(stored.createdAt),
    updated: toSeconds(stored.updatedAt),
  };
}

export function presentProvider(stored: ModelProvider): z.input<typeof provider> {
  return { object: 'provider', ...presentNewProvider(stored) };
}

export const providerParams = z.object({ provider_id: pathId });
