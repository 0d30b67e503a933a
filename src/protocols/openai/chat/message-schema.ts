import { z } from 'zod';

/* Unknown fields of messages and parts stay: what has some is not passed on as it is. See unknown-parts.ts. */
const text = z.looseObject({ type: z.literal('text'), text: z.string() });

const refusal = z.looseObject({ type: z.literal('refusal'), refusal: z.string() });

const image = z.looseObject({
  type: z.literal('image_url'),
  image_url: z.looseObject({
    url: z.string().min(1).describe('An http(s) address, or a data URL in base64.'),
    detail: z.enum(['auto', 'low', 'high', 'original']).nullish(),
  }),
});

const audio = z.looseObject({
  type: z.literal('input_audio'),
  input_audio: z.looseObject({ data: z.string().min(1).describe('Base64.'), format: z.enum(['wav', 'mp3']) }),
});

const file = z.looseObject({
  type: z.literal('file'),
  file: z.looseObject({
    file_data: z.string().min(1).nullish().describe('A data URL in base64, or an http(s) address.'),
    filename: z.string().nullish(),
    file_id: z.string().nullish().describe('Of a file that was uploaded before.'),
  }),
});

function contentOf<Part extends z.ZodType>(part: Part) {
  return z.union([z.string(), z.array(part)]);
}

const name = z.string().nullish();
const texts = contentOf(z.discriminatedUnion('type', [text]));

const toolCall = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('function'),
    id: z.string().min(1),
    function: z.object({ name: z.string().min(1), arguments: z.string() }),
  }),
  z.object({
    type: z.literal('custom'),
    id: z.string().min(1),
    custom: z.object({ name: z.string().min(1), input: z.string() }),
  }),
]);

const detailFields = { id: z.string().nullish(), index: z.int().nullish() };

/** What an answer with `include_reasoning` had, to be sent back as it came. */
export const reasoningDetail = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('reasoning.text'),
    text: z.string(),
    signature: z.string().nullish(),
    ...detailFields,
  }),
  z.object({
    type: z.literal('reasoning.summary'),
    summary: z.string(),
    signature: z.string().nullish(),
    ...detailFields,
  }),
  z.object({ type: z.literal('reasoning.encrypted'), data: z.string().min(1), ...detailFields }),
]);

const system = z.looseObject({ role: z.enum(['system', 'developer']), content: texts, name });

const user = z.looseObject({
  role: z.literal('user'),
  content: contentOf(z.discriminatedUnion('type', [text, image, audio, file])),
  name,
});

const assistant = z.looseObject({
  role: z.literal('assistant'),
  content: contentOf(z.discriminatedUnion('type', [text, refusal])).nullish(),
  refusal: z.string().nullish(),
  name,
  tool_calls: z.array(toolCall).nullish(),
  function_call: z
    .object({ name: z.string().min(1), arguments: z.string() })
    .nullish()
    .describe('Deprecated: tool_calls.'),
  audio: z.object({ id: z.string() }).nullish().describe('Refused: there are no answers in audio to refer to.'),
  reasoning_content: z.string().nullish().describe('What the model thought, where reasoning_details is not given.'),
  reasoning_details: z.array(reasoningDetail).nullish(),
});

const tool = z.looseObject({
  role: z.literal('tool'),
  tool_call_id: z.string().min(1),
  content: contentOf(z.discriminatedUnion('type', [text, image, file])),
});

const legacyFunction = z.looseObject({
  role: z.literal('function'),
  name: z.string().min(1),
  content: z.string().nullable(),
});

export const messageSchema = z.discriminatedUnion('role', [system, user, assistant, tool, legacyFunction]);

export type WireMessage = z.output<typeof messageSchema>;
export type WireAssistantMessage = z.output<typeof assistant>;
export type WirePart = z.output<typeof text | typeof refusal | typeof image | typeof audio | typeof file>;
export type ReasoningDetail = z.output<typeof reasoningDetail>;
