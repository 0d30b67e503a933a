import type { Dialect } from '../../core/endpoint.ts';
import { renderError } from '../jobs/errors.ts';
import { batches } from './batches/index.ts';
import { createChatCompletion } from './chat/create-chat-completion.ts';
import { createCompletion } from './completions/create-completion.ts';
import { conversations } from './conversations/index.ts';
import { createEmbeddings } from './embeddings.ts';
import { files } from './files/index.ts';
import { getModel } from './models/get-model.ts';
import { listModels } from './models/list-models.ts';
import { rerank } from './rerank.ts';
import { responses } from './responses/index.ts';
import { storedChatEndpoints } from './stored-chats/index.ts';
import { uploads } from './uploads/index.ts';

/** OpenAI's API. Last in the list: what is under `/v1/` and nobody else's is answered in its words. */
export const openai: Dialect = {
  name: 'openai',
  endpoints: [
    listModels,
    getModel,
    createChatCompletion,
    ...storedChatEndpoints,
    createCompletion,
    createEmbeddings,
    rerank,
    ...responses,
    ...conversations,
    ...files,
    ...uploads,
    ...batches,
  ],
  owns: (path) => path.startsWith('/v1/'),
  renderError,
};
