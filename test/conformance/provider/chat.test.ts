import { describe } from 'node:test';
import type { VendorName } from '../../../src/core/models.ts';
import { answers } from './answers.ts';
import { failures } from './failures.ts';
import { openAiResponses } from './openai-responses.ts';
import { requests } from './requests.ts';
import { chatWires } from './wires.ts';

for (const [name, wire] of Object.entries(chatWires)) {
  answers(name as VendorName, wire);
  requests(name as VendorName, wire);
  failures(name as VendorName, wire);
}

describe('over Responses', () => {
  answers('openai', openAiResponses);
  requests('openai', openAiResponses);
  failures('openai', openAiResponses);
});
