import { cancelResponse } from './cancel-response.ts';
import { countInputTokens } from './count-input-tokens.ts';
import { createResponse } from './create-response.ts';
import { deleteResponse } from './delete-response.ts';
import { listInputItems } from './list-input-items.ts';

export const responses = [createResponse, countInputTokens, cancelResponse, deleteResponse, listInputItems];
