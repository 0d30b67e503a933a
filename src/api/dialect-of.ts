import type { Dialect } from '../core/endpoint.ts';
import { jobs } from '../protocols/jobs/index.ts';

/** Who renders the errors of a path. Paths of nobody, such as `/health` or a misspelt one, are answered in our own. */
export function dialectOf(path: string, dialects: readonly Dialect[]): Dialect {
  return dialects.find((dialect) => dialect.owns(path)) ?? jobs;
}
