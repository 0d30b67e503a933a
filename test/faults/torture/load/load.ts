/** Callers side by side, each one operation after the other, for as long as the run lasts. */
import { createClient } from '../../../../examples/demo/client.ts';
import type { History, OperationKind } from '../history.ts';
import type { Random } from '../random.ts';
import { endpointPath, hookPath, type TenantSecrets } from '../receiver.ts';
import { type Caller, openSession, type Session } from '../session.ts';
import type { World } from '../world.ts';
import { operations, usualMix } from './operations.ts';

export interface LoadCaller extends Caller, TenantSecrets {
  userId: number;
  collectionId: number;
}

const told = ['completed', 'failed', 'cancelled', 'expired'].map((end) => `job.${end}`);

export interface LoadOptions {
  lanes: number;
  /** How often an operation is chosen, where it is not as usual. */
  mix: Partial<Record<OperationKind, number>>;
}

export interface Load {
  callers: readonly LoadCaller[];
  /** Nothing new begins; resolves when what has begun has come to what its caller would wait for. */
  stop(): Promise<void>;
}

/** Two tenants. Comes before anything breaks. */
export async function signUp(world: World, count: number): Promise<LoadCaller[]> {
  const [url = ''] = world.directUrls;
  const admin = createClient(url, world.masterKey);
  return Promise.all(
    Array.from({ length: count }, async (_, owner) => {
      const { id } = await admin.createUser(`${crypto.randomUUID()}@example.com`, 'a long password');
      const { token } = await admin.createKeyFor(id);
      const collection = await createClient(url, token).createCollection(`torture-${owner}`);
      const secrets = await subscribe(world, url, owner, token);
      return { owner, userId: id, token, collectionId: collection.id, ...secrets };
    }),
  );
}

/** To the end of every job. Answers what messages are signed with. */
async function subscribe(world: World, url: string, owner: number, token: string): Promise<TenantSecrets> {
  const secretFrom = async (path: string, body: unknown) => {
    const response = await fetch(`${url}/v1/webhooks${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} was refused: ${await response.text()}`);
    return ((await response.json()) as { secret: string }).secret;
  };
  return {
    webhookSecret: await secretFrom('/endpoints', { url: `${receiverOf(world)}${endpointPath(owner)}`, events: told }),
    accountSecret: await secretFrom('/secret/rotate', {}),
  };
}

function receiverOf(world: World): string {
  return `http://${world.links['worker-receiver'].address}`;
}

/** Resolves once there is an index: a search that comes while it is being made is refused, which is no harm of a fault. */
export async function startLoad(
  world: World,
  callers: readonly LoadCaller[],
  history: History,
  random: Random,
  { lanes, mix }: LoadOptions,
): Promise<Load> {
  let isStopping = false;
  const open = (caller: LoadCaller) => openSession(() => world.urls, caller, history);

  async function runLane(lane: number): Promise<void> {
    const caller = callers[lane % callers.length];
    if (!caller) return;
    const session = open(caller);
    const chance = random.fork(`lane-${lane}`);
    for (let number = 0; !isStopping; number += 1) {
      await run(caller, session, chance, `op-${lane}-${number}`, chance.weighted({ ...usualMix, ...mix }));
    }
  }

  async function run(
    caller: LoadCaller,
    session: Session,
    chance: Random,
    id: string,
    kind: OperationKind,
  ): Promise<void> {
    history.add({ type: 'invoke', operation: id, kind, owner: caller.owner });
    const foreignJob = kind === 'foreign' ? jobOfAnother(history, caller.owner) : null;
    const hookUrl = `${receiverOf(world)}${hookPath(caller.owner, id)}`;
    const { collectionId } = caller;
    await operations[kind]({ id, session, random: chance.fork(id), collectionId, foreignJob, hookUrl });
  }

  const [first] = callers;
  if (first) await run(first, open(first), random.fork('first'), `op-${lanes}-0`, 'document');
  const running = Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(lane)));
  return {
    callers,
    async stop() {
      isStopping = true;
      await running;
    },
  };
}

function jobOfAnother(history: History, owner: number): string | null {
  const owners = new Map<string, number>();
  for (const entry of history.entries) if (entry.type === 'invoke') owners.set(entry.operation, entry.owner);
  const theirs = history.entries.findLast(
    (entry) => entry.type === 'accepted' && owners.get(entry.operation) !== owner,
  );
  return theirs?.type === 'accepted' ? theirs.jobId : null;
}
