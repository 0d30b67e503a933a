/** The few calls the demo makes, over HTTP like anybody. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

export interface Job {
  id: string;
  status: string;
  progress: { percent: number | null; stage: string; message: string | null } | null;
  result: { body: { id: number } } | null;
  error: { code: string; message: string } | null;
  attempts: number;
}

export interface Hit {
  method: string;
  score: number;
  chunk: { id: number; document_id: number; content: string; source: { from_page: number; to_page: number } | null };
}

export interface Document {
  id: number;
  name: string;
  chunks: number;
  status: string;
  provenance: { part: number; method: string; confidence: number | null }[];
}

export type Method = 'lexical' | 'semantic' | 'hybrid';

/** A caller with one key. Every answer that is not 2xx is thrown with what the server said. */
export function createClient(url: string, key: string) {
  async function call<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const isForm = body instanceof FormData;
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  return {
    createUser: (email: string, password: string) =>
      call<{ id: number }>('POST', '/v1/admin/users', { email, name: 'Demo', password, role: 1 }),
    createKeyFor: (user: number) => call<{ token: string }>('POST', '/v1/admin/tokens', { name: 'demo', user }),
    createCollection: (name: string) => call<{ id: number }>('POST', '/v1/collections', { name }),

    /** Answers the job at once; the file is safe on the server's disk by then. */
    async submitDocument(collection: number, path: string, idempotencyKey: string): Promise<Job> {
      const form = new FormData();
      form.set('collection_id', String(collection));
      form.set('chunk_size', '900');
      form.set('chunk_overlap', '100');
      form.set('file', new Blob([await readFile(path)]), basename(path));
      return call<Job>('POST', '/v1/documents', form, {
        prefer: 'respond-async',
        'idempotency-key': idempotencyKey,
      });
    },

    /** A short call as a job; answers its id. */
    submitEmbedding: async (input: string) =>
      (await call<Job>('POST', '/v1/embeddings', { model: 'all-minilm-l6-v2', input }, { prefer: 'respond-async' })).id,
    listJobs: async (filter: string) => (await call<{ data: Job[] }>('GET', `/v1/jobs?${filter}`)).data,
    listDocuments: async (collection: number) =>
      (await call<{ data: Document[] }>('GET', `/v1/documents?collection_id=${collection}&limit=100`)).data,
    getJob: (id: string) => call<Job>('GET', `/v1/jobs/${id}`),
    getDocument: (id: number) => call<Document>('GET', `/v1/documents/${id}`),
    countChunks: async (id: number) =>
      (await call<{ total: number }>('GET', `/v1/documents/${id}/chunks?limit=1`)).total,
    search: async (collection: number, query: string, method: Method, limit: number) =>
      (await call<{ data: Hit[] }>('POST', '/v1/search', { collection_ids: [collection], query, method, limit })).data,
  };
}

export type Client = ReturnType<typeof createClient>;
