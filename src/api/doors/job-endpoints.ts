import Router from '@koa/router';
import { type Endpoint, type JobForm, operationName } from '../../core/endpoint.ts';
import { routerPath, specificity } from '../route-path.ts';

export type JobEndpoint = Endpoint & { job: JobForm };

/** The endpoints that can run as jobs, and which of them a path names. */
export function createJobEndpoints(endpoints: readonly Endpoint[]) {
  const candidates = endpoints.filter((endpoint): endpoint is JobEndpoint => endpoint.job !== undefined);
  const byName = new Map(candidates.map((endpoint) => [operationName(endpoint), endpoint]));
  const router = new Router({ sensitive: true });
  const ordered = candidates.toSorted((a, b) => (specificity(a.path) < specificity(b.path) ? -1 : 1));
  for (const endpoint of ordered) {
    router.register(routerPath(endpoint.path), [endpoint.method], () => undefined, { name: operationName(endpoint) });
  }

  return {
    all: candidates,
    find(path: string): { endpoint: JobEndpoint; params: Record<string, string> } | null {
      const [layer] = router.match(path, 'POST').pathAndMethod;
      const endpoint = byName.get(layer?.name ?? '');
      if (layer === undefined || endpoint === undefined) return null;
      return { endpoint, params: layer.params(path, layer.captures(path)) };
    },
  };
}

export type JobEndpoints = ReturnType<typeof createJobEndpoints>;
