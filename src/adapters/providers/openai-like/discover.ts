import { assertThat } from '../../../core/errors.ts';
import { vectorSizeOf } from '../vectors.ts';
import type { Capabilities, Vendor } from '../vendor.ts';
import type { Connection } from './connection.ts';
import type { OpenAiLike } from './description.ts';
import { maxContextLengthOf, readModels } from './list.ts';

export type DiscoverCall = Parameters<NonNullable<Vendor['discover']>>[0];

/** Looks the model up in `GET /v1/models`; an embedding model is asked for one vector. */
export async function discover(
  connection: Connection,
  { listsModels }: OpenAiLike,
  call: DiscoverCall,
  embed: Vendor['embed'],
): Promise<Capabilities> {
  const models = await readModels(connection, call, 'models');
  const { modelName } = call.target;
  const model = models.find(({ id, aliases }) => id === modelName || aliases?.includes(modelName));
  assertThat(model || !listsModels, 'upstream_error', `The provider has no model ${modelName}.`);
  return {
    maxContextLength: model ? maxContextLengthOf(model) : null,
    vectorSize: call.type === 'text-embeddings-inference' ? await vectorSizeOf(call, embed) : null,
  };
}
