/** Models as the configuration names them: routers one by one, and vendors whose listed models are offered. */
import { z } from 'zod';
import { GatewayError } from '../errors.ts';
import {
  loadBalancingStrategies,
  type ModelProvider,
  modelTypes,
  type NewRouter,
  qosMetrics,
  type VendorName,
  vendorNames,
} from '../models.ts';
import { isCompatible } from './compatibility.ts';
import { providerAddress } from './provider-address.ts';

/** A provider that the configuration names. `key` is in clear. */
export type ConfiguredProvider = Pick<
  ModelProvider,
  | 'vendor'
  | 'url'
  | 'modelName'
  | 'timeoutMs'
  | 'hostingZone'
  | 'totalParams'
  | 'activeParams'
  | 'qosMetric'
  | 'qosLimit'
> & { key: string | null };

export interface ConfiguredRouter extends NewRouter {
  providers: readonly ConfiguredProvider[];
}

/** A vendor all of whose models are offered. */
export interface ConfiguredVendor {
  vendor: VendorName;
  url: string | null;
  key: string | null;
  /** What its routers say they come from. */
  source: string;
}

const name = z.string().trim().min(1).max(255);
const price = z.number().min(0).max(1e9);
const micros = (amount: number) => Math.round(amount * 1_000_000);
const address = { url: z.string().min(1).nullable().default(null), key: z.string().min(1).nullable().default(null) };

const provider = z
  .strictObject({
    type: z.enum(vendorNames),
    ...address,
    model: name,
    timeoutMs: z.int().positive().default(300_000),
    hostingZone: z
      .string()
      .regex(/^[A-Z]{3}$/, 'must be three capital letters')
      .default('WOR'),
    totalParams: z.int().nonnegative().default(0),
    activeParams: z.int().nonnegative().default(0),
    qosMetric: z.enum(qosMetrics).nullable().default(null),
    qosLimit: z.number().nonnegative().nullable().default(null),
  })
  .transform(({ type: vendor, url, model: modelName, ...settings }, context): ConfiguredProvider => {
    return { ...settings, vendor, url: checkedAddress(vendor, url, context), modelName };
  });

const router = z
  .strictObject({
    name,
    type: z.enum(modelTypes),
    aliases: z.array(z.string().trim().min(1).max(64)).default([]),
    strategy: z.enum(loadBalancingStrategies).default('shuffle'),
    /** Of a million tokens. */
    prices: z.strictObject({ prompt: price.default(0), completion: price.default(0) }).prefault({}),
    providers: z.array(provider).min(1),
  })
  .superRefine(({ type, providers }, context) => {
    for (const [index, { vendor }] of providers.entries()) {
      if (isCompatible(type, vendor)) continue;
      const message = `${vendor} cannot do what a router of the type ${type} is for`;
      context.addIssue({ code: 'custom', path: ['providers', index, 'type'], message });
    }
  })
  .transform(({ prices, ...fields }): ConfiguredRouter => {
    return { ...fields, promptPriceMicros: micros(prices.prompt), completionPriceMicros: micros(prices.completion) };
  });

export const configuredRouters = z.array(router).superRefine((routers, context) => {
  const seen = new Set<string>();
  for (const [index, { name: own, aliases }] of routers.entries()) {
    for (const one of [own, ...aliases]) {
      if (seen.has(one)) {
        context.addIssue({ code: 'custom', path: [index], message: `another router has the name or alias ${one}` });
      }
      seen.add(one);
    }
  }
});

export const configuredVendors = z.array(
  z
    .strictObject({
      type: z.enum(vendorNames),
      ...address,
      source: z.string().min(1).default('vendors of switchyard.yaml'),
    })
    .transform(({ type: vendor, url, ...rest }, context): ConfiguredVendor => {
      return { ...rest, vendor, url: checkedAddress(vendor, url, context) };
    }),
);

function checkedAddress(vendor: VendorName, url: string | null, context: z.RefinementCtx): string | null {
  try {
    return providerAddress(vendor, url);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    context.addIssue({ code: 'custom', path: ['url'], message: error.publicMessage });
    return null;
  }
}
