import type { BlobStore } from '../../core/blob.ts';
import type { Endpoint } from '../../core/endpoint.ts';
import { operationName } from '../../core/endpoint.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ValidRequest } from '../../core/invoke.ts';
import type { Job } from '../../core/job.ts';
import { dialects } from '../../protocols/index.ts';

const endpoints = new Map(
  dialects.flatMap((dialect) => dialect.endpoints).map((endpoint) => [operationName(endpoint), endpoint]),
);

/** The declaration a job was made from; undefined when this version of the program has it no more. */
export function findEndpoint(operation: string): Endpoint | undefined {
  return endpoints.get(operation);
}

/** The same, where there must be one. Throws `unsupported_operation`. */
export function endpointOf(operation: string): Endpoint {
  const endpoint = findEndpoint(operation);
  if (!endpoint) throw new GatewayError('unsupported_operation', `There is no operation '${operation}' any more.`);
  return endpoint;
}

/** A job's request as its declaration wants it: the stored body, parsed again by the same schemas. */
export async function restoreRequest(blobs: BlobStore, job: Job): Promise<ValidRequest> {
  const endpoint = endpointOf(job.request.operation);
  const { bodyBlob, files } = job.request;
  const body = bodyBlob === null ? job.request.body : JSON.parse(await readText(blobs, job.ownerId, bodyBlob.id));
  return {
    body: endpoint.body ? endpoint.body.parse(body) : undefined,
    params: endpoint.params?.parse(job.request.params),
    query: endpoint.query?.parse(job.request.query),
    files,
    bytes: body === null ? null : Buffer.from(JSON.stringify(body)),
  };
}

async function readText(blobs: BlobStore, ownerId: number, id: string): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of blobs.read(ownerId, id)) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
