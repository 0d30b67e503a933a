import { createHash } from 'node:crypto';
import { type Client, errors } from '@elastic/elasticsearch';
import { reaching } from './client.ts';
import { mappings, mappingVersion, settings } from './mapping.ts';

/** Chunks whose vectors can be compared with each other: those of one model at one length. They are one index. */
export interface EmbeddingSpace {
  model: string;
  dimensions: number;
}

/** Names and creates the indexes. `prefix` keeps installations apart that share a cluster. */
export function createSpaces(client: Client, prefix: string) {
  const known = new Set<string>();

  /** `<prefix>-chunks-<model>-<hash>-<dimensions>-v<mapping>`; the hash keeps models apart that are spelt alike. */
  function aliasOf({ model, dimensions }: EmbeddingSpace): string {
    const spelt = model.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    const hash = createHash('sha256').update(model).digest('hex').slice(0, 8);
    return `${prefix}-chunks-${spelt.slice(0, 60)}-${hash}-${dimensions}-v${mappingVersion}`;
  }

  return {
    aliasOf,

    /** Matches the index of every space. */
    everyIndex: `${prefix}-chunks-*`,

    /** Makes the index of a space unless it is there. Safe side by side. Answers the alias to use. */
    async ensure(space: EmbeddingSpace): Promise<string> {
      const alias = aliasOf(space);
      if (known.has(alias)) return alias;
      try {
        await reaching(() =>
          client.indices.create({
            index: `${alias}-000001`,
            aliases: { [alias]: { is_write_index: true } },
            settings,
            mappings: mappings(space.dimensions),
          }),
        );
      } catch (error) {
        if (!isAlreadyThere(error)) throw error;
      }
      known.add(alias);
      return alias;
    },

    /** After an index was found missing: the next `ensure` asks the engine again. */
    forget(space: EmbeddingSpace): void {
      known.delete(aliasOf(space));
    },
  };
}

export type Spaces = ReturnType<typeof createSpaces>;

function isAlreadyThere(error: unknown): boolean {
  return error instanceof errors.ResponseError && error.body?.error?.type === 'resource_already_exists_exception';
}
