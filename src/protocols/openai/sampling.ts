/** The fields by which tokens are chosen, alike in chat and in legacy completions. */
import { z } from 'zod';
import { noSampling, type Sampling } from '../../core/chat.ts';

/** OpenAI itself takes 4. */
const maxStops = 16;
const penalty = z.number().min(-2).max(2).nullish();

export const samplingFields = {
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  frequency_penalty: penalty,
  presence_penalty: penalty,
  seed: z.int().nullish(),
  logit_bias: z
    .record(z.string().regex(/^\d+$/), z.number().min(-100).max(100))
    .nullish()
    .describe('Token id to bias. Ids are of the tokenizer of the model that serves the call.'),
  stop: z
    .union([z.string(), z.array(z.string()).max(maxStops)])
    .nullish()
    .describe(`The answer ends before the first of these, up to ${maxStops}.`),
};

export const streamFields = {
  stream: z.boolean().nullish(),
  stream_options: z
    .object({
      include_usage: z.boolean().nullish().describe('One more frame before the end, with the usage of the call.'),
      include_obfuscation: z.boolean().nullish().describe('Accepted and not used.'),
    })
    .nullish(),
};

type SamplingBody = z.output<z.ZodObject<typeof samplingFields>>;

export function toSampling(body: SamplingBody): Omit<Sampling, 'logprobs' | 'topLogprobs'> {
  return {
    ...noSampling,
    temperature: body.temperature ?? null,
    topP: body.top_p ?? null,
    frequencyPenalty: body.frequency_penalty ?? null,
    presencePenalty: body.presence_penalty ?? null,
    seed: body.seed ?? null,
    logitBias: body.logit_bias ?? null,
  };
}

/** An empty text would end every answer before it began. */
export function toStop(stop: SamplingBody['stop']): string[] {
  return [stop ?? []].flat().filter((text) => text !== '');
}
