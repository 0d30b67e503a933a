/**
 * What a generation emits, by the method of EcoLogits 0.8.2 (`ecologits/impacts/llm.py`). It knows models that generate
 * text; what generates nothing, such as an embedding, comes out as zero.
 */

import type { Bill, Range } from '../usage.ts';
import { electricityMixes } from './electricity-mixes.ts';

export interface Generation {
  outputTokens: number;
  latencyMs: number;
  /** Billions; where one of the two is 0, which is not known, the other stands in for it. */
  activeParams: number;
  totalParams: number;
  /** ISO 3166 alpha-3. A zone whose electricity is not known counts as the world. */
  zone: string;
}

/** A version of the method is a version of these. Energies in kWh, powers in kW, times in s, emissions in kgCO2eq. */
interface Method {
  /** Per token, by billions of active parameters: `slope * parameters + base`, give or take `deviation`. */
  gpuEnergy: Line;
  gpuLatency: Line;
  /** Of the normal distribution: 1.96 deviations to both sides are 95 %. */
  confidence: number;
  weightBits: number;
  /** What a model takes beside its weights, as a factor. */
  memoryOverhead: number;
  gpuMemoryGB: number;
  gpusPerServer: number;
  serverPower: number;
  datacenterOverhead: number;
  gpuEmbodied: number;
  serverEmbodied: number;
  lifetime: number;
}

interface Line {
  slope: number;
  base: number;
  deviation: number;
}

const ecologits082: Method = {
  gpuEnergy: { slope: 8.91e-8, base: 1.43e-6, deviation: 5.19e-7 },
  gpuLatency: { slope: 8.02e-4, base: 2.23e-2, deviation: 7e-6 },
  confidence: 1.96,
  weightBits: 4,
  memoryOverhead: 1.2,
  gpuMemoryGB: 80,
  gpusPerServer: 8,
  serverPower: 1,
  datacenterOverhead: 1.2,
  gpuEmbodied: 143,
  serverEmbodied: 3000,
  lifetime: 5 * 365 * 24 * 3600,
};

const worldZone = 'WOR';
const secondsPerHour = 3600;

/** Zero for a model of unknown size. */
export function carbonOf(generation: Generation, method: Method = ecologits082): Bill['carbon'] {
  const active = generation.activeParams || generation.totalParams;
  const total = generation.totalParams || generation.activeParams;
  const gpus = gpusFor(total, method);
  const gpuEnergy = spread(method.gpuEnergy, active, generation.outputTokens, method);
  const latency = latencyOf(generation, active, method);
  const mix = electricityMixes[generation.zone] ?? electricityMixes[worldZone] ?? 0;
  const serverShare = gpus / method.gpusPerServer;
  const hardware = serverShare * method.serverEmbodied + gpus * method.gpuEmbodied;

  const kWh = each((bound) => {
    const server = (latency[bound] / secondsPerHour) * method.serverPower * serverShare;
    return method.datacenterOverhead * (server + gpus * gpuEnergy[bound]);
  });
  const kgCO2eq = each((bound) => kWh[bound] * mix + (latency[bound] / method.lifetime) * hardware);
  return { kWh, kgCO2eq };
}

function gpusFor(totalParams: number, { memoryOverhead, weightBits, gpuMemoryGB }: Method): number {
  return Math.ceil((memoryOverhead * totalParams * weightBits) / 8 / gpuMemoryGB);
}

/** How long the generation itself took: never longer than the whole call, which was measured. */
function latencyOf({ outputTokens, latencyMs }: Generation, active: number, method: Method): Range {
  const measured = latencyMs / 1000;
  const computed = spread(method.gpuLatency, active, outputTokens, method);
  return computed.max < measured ? computed : { min: measured, max: measured };
}

function spread({ slope, base, deviation }: Line, active: number, tokens: number, { confidence }: Method): Range {
  const mean = slope * active + base;
  return {
    min: Math.max(0, tokens * (mean - confidence * deviation)),
    max: tokens * (mean + confidence * deviation),
  };
}

function each(valueAt: (bound: keyof Range) => number): Range {
  return { min: valueAt('min'), max: valueAt('max') };
}
