import { webhookMessages } from '../../protocols/webhooks/message.ts';
import type { JsonSchema, SchemaWriter } from './json-schema.ts';

/** What receivers of a caller's own are sent. */
export interface WebhookObject {
  summary: string;
  parameters: { name: string; in: 'header'; required: boolean; description: string; schema: JsonSchema }[];
  requestBody: { required: true; content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, { description: string }>;
}

const headers = {
  'webhook-id': 'Of the event, the same on every attempt and replay.',
  'webhook-timestamp': 'Of this attempt, in Unix seconds.',
  'webhook-signature': 'As Standard Webhooks has it: `v1` for each secret, `v1a` for each key of the installation.',
  'webhook-attempt': 'The number of the attempt, from 1.',
};

const parameters = Object.entries(headers).map(([name, description]) => ({
  name,
  in: 'header' as const,
  required: true,
  description,
  schema: { type: 'string' },
}));

const responses = {
  '2XX': { description: 'Taken.' },
  '410': { description: 'Never call again: the endpoint is disabled.' },
  default: { description: 'Not taken: it is sent again, by the schedule.' },
};

export function webhookObjects(writer: SchemaWriter): Record<string, { post: WebhookObject }> {
  const objects = Object.entries(webhookMessages).map(([type, message]) => {
    const content = { 'application/json': { schema: writer.write(message) } };
    return [type, { post: { summary: type, parameters, requestBody: { required: true, content }, responses } }];
  });
  return Object.fromEntries(objects);
}
