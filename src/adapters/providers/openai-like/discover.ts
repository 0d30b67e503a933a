import { z } from 'zod';
import { assertThat } from '../../../core/errors.ts';
import { readJson } from '../../http/read-json.ts';
import { malformedAnswer } from '../ask.ts';
import { vectorSizeOf } from '../vectors.ts';
import type { Capabilities, Vendor } from '../vendor.ts';
import type { Connection } from './connection.ts';
import type { OpenAiLike } from './description.ts';

const modelList = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      aliases: z.array(z.string()).nullish(),
      max_context_length: z.number().int().positive().nullish(),
      /** vLLM's name of it. */
      max_model_len: z.number().int().positive().nullish(),
    }),
  ),
});

export type DiscoverCall = Parameters<NonNullable<Vendor['discover']>>[0];

/** Looks the model up in `GET /v1/models`; an embedding model is asked for one vector. */
export async function discover(
  connection: Connection,
  { listsModels }: OpenAiLike,
  call: DiscoverCall,
  embed: Vendor['embed'],
): Promise<Capabilities> {
  const { data: list, error } = modelList.safeParse(await readJson(await connection.ask(call, 'models', null)));
  if (error) throw malformedAnswer(error);
  const { modelName } = call.target;
  const model = list.data.find(({ id, aliases }) => id === modelName || aliases?.includes(modelName));
  assertThat(model || !listsModels, 'upstream_error', `The provider has no model ${modelName}.`);
  return {
    maxContextLength: model?.max_context_length ?? model?.max_model_len ?? null,
    vectorSize: call.type === 'text-embeddings-inference' ? await vectorSizeOf(call, embed) : null,
  };
}
