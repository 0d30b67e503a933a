import { z } from 'zod';
import type { ListedModel } from '../../../core/models/managed-routers.ts';
import type { ModelType } from '../../../core/models.ts';
import { readJson } from '../../http/read-json.ts';
import { malformedAnswer } from '../ask.ts';
import { isModelType, typeByName } from '../model-type.ts';
import type { VendorCall } from '../vendor.ts';
import type { Connection } from './connection.ts';

const model = z.object({
  id: z.string(),
  aliases: z.array(z.string()).nullish(),
  /** Albert's word for what it is for. Others have other words here. */
  type: z.unknown().optional(),
  /** Mistral's. */
  capabilities: z.record(z.string(), z.unknown()).nullish(),
  /** What a deployment on Azure runs. */
  model: z.string().nullish(),
  max_context_length: z.number().int().positive().nullish(),
  /** vLLM's name of it. */
  max_model_len: z.number().int().positive().nullish(),
});
type WireModel = z.output<typeof model>;

const modelList = z.object({ data: z.array(model) });

/** What `GET /v1/models`, or another operation of the vendor's, says there is. */
export async function readModels(connection: Connection, call: VendorCall, operation: string): Promise<WireModel[]> {
  const { data: list, error } = modelList.safeParse(await readJson(await connection.ask(call, operation, null)));
  if (error) throw malformedAnswer(error);
  return list.data;
}

export async function listModels(connection: Connection, call: VendorCall, operation: string): Promise<ListedModel[]> {
  const models = await readModels(connection, call, operation);
  const unique = new Map(models.map((one) => [one.id, one]));
  return [...unique.values()].flatMap((one) => {
    const type = typeOf(one);
    return type === null ? [] : [{ name: one.id, type, maxContextLength: maxContextLengthOf(one) }];
  });
}

export function maxContextLengthOf({
  max_context_length: length,
  max_model_len: vllmLength,
}: WireModel): number | null {
  return length ?? vllmLength ?? null;
}

function typeOf({ id, type, capabilities, model: deployed }: WireModel): ModelType | null {
  if (isModelType(type)) return type;
  const guess = typeByName(deployed ?? id);
  if (capabilities?.['vision'] === true && guess === 'text-generation') return 'image-text-to-text';
  if (capabilities?.['completion_chat'] === false && guess === 'text-generation') return null;
  return guess;
}
