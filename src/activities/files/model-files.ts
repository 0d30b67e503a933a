import type { FileRepository } from '../../adapters/mongo/files.ts';
import type { Config } from '../../config.ts';
import { ownerOrNobody, type Principal } from '../../core/access.ts';
import type { BlobStore } from '../../core/blob.ts';
import type { Call } from '../../core/call.ts';
import { type NamedFile, namedFilesOf, withNamedFiles } from '../../core/chat/files.ts';
import type { ChatRequest } from '../../core/chat.ts';
import { assertThat, GatewayError } from '../../core/errors.ts';
import { inputPurposes, type StoredFile } from '../../core/file.ts';
import { mediaTypeOf } from '../../core/media-type.ts';
import { missing } from './missing.ts';

export interface ModelFileDependencies {
  config: Pick<Config, 'files'>;
  files: FileRepository;
  blobs: BlobStore;
}

/** The bytes of a file as vendors take them. */
interface Shown {
  name: string;
  mediaType: string;
  data: string;
}

/** Stored files that a conversation names, for the model that is to see them. */
export function createModelFiles({ config, files, blobs }: ModelFileDependencies) {
  /** Those that are named, each once, and what is sent of them. Throws for one not the caller's, or not to be shown. */
  async function find(
    request: ChatRequest,
    principal: Principal,
  ): Promise<{ found: Map<string, StoredFile>; bytes: number }> {
    const { maxInputBytes, maxInputFiles } = config.files;
    const found = new Map<string, StoredFile>();
    let count = 0;
    let bytes = 0;
    for (const { source } of namedFilesOf(request)) {
      const { id, param } = source;
      count += 1;
      const tooMany = `Expected at most ${maxInputFiles} stored files in one call.`;
      assertThat(count <= maxInputFiles, 'invalid_request', tooMany, { param });
      const file = found.get(id) ?? (await files.find(ownerOrNobody(principal), id));
      assertThat(file, 'not_found', missing(id), { param });
      assertPurpose(file, param);
      // Each mention is sent, also of what was mentioned before.
      bytes += file.blob.bytes;
      const tooLarge = `The stored files of one call must not be larger than ${maxInputBytes} bytes together.`;
      assertThat(bytes <= maxInputBytes, 'body_too_large', tooLarge, { param });
      found.set(id, file);
    }
    return { found, bytes };
  }

  async function read({ id, ownerId, name, blob }: StoredFile, call: Call): Promise<Shown> {
    const pieces: Uint8Array[] = [];
    try {
      for await (const piece of blobs.read(ownerId, blob.id)) {
        call.signal.throwIfAborted();
        pieces.push(piece);
      }
    } catch (cause) {
      const isGone = cause instanceof GatewayError && cause.code === 'not_found';
      throw isGone ? new GatewayError('not_found', missing(id), { cause }) : cause;
    }
    const content = Buffer.concat(pieces);
    return { name, mediaType: mediaTypeOf(blob.mediaType, name, content), data: content.toString('base64') };
  }

  return {
    /** Throws what `shownIn` would throw, without reading any. Answers how many bytes are sent of them in all. */
    async check(request: ChatRequest, { principal }: Pick<Call, 'principal'>): Promise<number> {
      return (await find(request, principal)).bytes;
    },

    /** The same conversation with the content of each file in the place of its id. */
    async shownIn(request: ChatRequest, call: Call): Promise<ChatRequest> {
      const shown = new Map<string, Shown>();
      const { found } = await find(request, call.principal);
      for (const [id, file] of found) shown.set(id, await read(file, call));
      return withNamedFiles(request, (part) => {
        const file = shown.get(part.source.id);
        assertThat(file, 'not_found', missing(part.source.id), { param: part.source.param });
        return show(part, file);
      });
    },
  };
}

export type ModelFiles = ReturnType<typeof createModelFiles>;

function show(part: NamedFile, { name, mediaType, data }: Shown) {
  const source = { kind: 'data', mediaType, data } as const;
  if (part.type === 'file') return { ...part, source, name: part.name ?? name };
  const sentence = `Expected a picture; the file ${part.source.id} is ${mediaType}.`;
  assertThat(mediaType.startsWith('image/'), 'invalid_request', sentence, { param: part.source.param });
  return { ...part, source };
}

function assertPurpose({ id, purpose }: StoredFile, param: string): void {
  const sentence = `Expected a file of the purpose ${inputPurposes.join(', ')}; ${id} has the purpose ${purpose}.`;
  assertThat(inputPurposes.includes(purpose), 'invalid_request', sentence, { param });
}
