import { permissions } from '../../core/access.ts';
import type { Role } from '../../core/identity.ts';
import { installation } from '../../core/models/managed-routers.ts';
import { type ModelRouter, plainProvider } from '../../core/models.ts';
import type { Counters } from './counters.ts';
import type { RoleRepository } from './roles.ts';
import type { RouterRepository } from './routers.ts';

/** The model that comes with the installation and needs no key. */
function localEmbeddings(now: number): ModelRouter {
  const times = { ownerId: null, vectorSize: 384, maxContextLength: 256, createdAt: now, updatedAt: now };
  return {
    ...times,
    id: 1,
    managedBy: installation,
    name: 'all-minilm-l6-v2',
    aliases: ['sentence-transformers/all-MiniLM-L6-v2'],
    type: 'text-embeddings-inference',
    strategy: 'shuffle',
    promptPriceMicros: 0,
    completionPriceMicros: 0,
    providers: [
      {
        ...plainProvider,
        ...times,
        id: 1,
        routerId: 1,
        vendor: 'local',
        url: null,
        namedBy: 'operator',
        sealedKey: null,
        modelName: 'all-MiniLM-L6-v2',
      },
    ],
  };
}

const limits: Role['limits'] = [{ router: 1, type: 'rpm', value: null }];
const roles: readonly Role[] = [
  { id: 1, name: 'user', permissions: [], limits },
  { id: 2, name: 'admin', permissions, limits },
];

interface SeedTargets {
  counters: Counters;
  roles: RoleRepository;
  routers: RouterRepository;
}

/** What must be there before anybody can sign in or call a model. Leaves alone what is there; safe side by side. */
export async function seedMongo(targets: SeedTargets, now: number): Promise<void> {
  await Promise.all([
    targets.counters.startAfter('router', 1),
    targets.counters.startAfter('provider', 1),
    targets.counters.startAfter('role', roles.length),
    targets.routers.ensure(localEmbeddings(now)),
    ...roles.map((role) => targets.roles.ensure(role, now)),
  ]);
}
