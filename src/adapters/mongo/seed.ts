import { permissions } from '../../core/access.ts';
import type { Role } from '../../core/identity.ts';
import type { ModelRouter } from '../../core/models.ts';
import type { Counters } from './counters.ts';
import type { RoleRepository } from './roles.ts';
import type { RouterRepository } from './routers.ts';

/** The model that comes with the installation and needs no key. */
const localEmbeddings: ModelRouter = {
  id: 1,
  name: 'all-minilm-l6-v2',
  aliases: ['sentence-transformers/all-MiniLM-L6-v2'],
  type: 'text-embeddings-inference',
  vectorSize: 384,
  maxContextLength: 256,
  providers: [{ id: 1, vendor: 'local', modelName: 'all-MiniLM-L6-v2' }],
};

const limits: Role['limits'] = [{ router: localEmbeddings.id, type: 'rpm', value: null }];
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
    targets.counters.startAfter('router', localEmbeddings.id),
    targets.counters.startAfter('provider', localEmbeddings.id),
    targets.counters.startAfter('role', roles.length),
    targets.routers.ensure(localEmbeddings, now),
    ...roles.map((role) => targets.roles.ensure(role, now)),
  ]);
}
