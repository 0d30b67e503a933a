import type { Http } from '../../http/client.ts';
import type { Vendor } from '../vendor.ts';
import { createAskOver } from './ask-over.ts';
import { createGenerate } from './choose-wire.ts';
import { createConnection } from './connection.ts';
import type { OpenAiLike } from './description.ts';
import { discover } from './discover.ts';
import { embed } from './embed.ts';
import { listModels } from './list.ts';
import { createRelay } from './relay.ts';
import { rerank } from './rerank.ts';

/** A vendor that speaks OpenAI's API, but for what its description says. */
export function createOpenAiLikeVendor(http: Http, description: OpenAiLike): Vendor {
  const { chat, wires = null, relays, takes, rerankPaths } = description;
  const connection = createConnection(http, description);
  const askOver = chat && createAskOver(connection, chat);
  const embeds: Pick<Vendor, 'embed'> = description.embeds ? { embed: (call) => embed(connection, call) } : {};
  return {
    ...embeds,
    ...(askOver && { generate: createGenerate(askOver, wires) }),
    ...(relays.length > 0 && { relays, relay: createRelay(connection, askOver && wires && { askOver, wires }) }),
    ...(takes && { takes }),
    ...(rerankPaths.length > 0 && { rerank: (call) => rerank(connection, rerankPaths, call) }),
    discover: (call) => discover(connection, description, call, embeds.embed),
    list: (call) => listModels(connection, call, description.listOperation ?? 'models'),
    // Its sockets are the pool's, which is closed by whoever made it.
    close: async () => undefined,
  };
}
