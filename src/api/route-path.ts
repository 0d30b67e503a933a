import type { Operation } from '../core/endpoint.ts';

type Path = Operation['path'];

/** `/v1/models/:model+` in the router's notation: a wildcard takes slashes too. */
export function routerPath(path: Path): string {
  return path.replaceAll(/:(\w+)\+/g, '*$1');
}

/** `/v1/jobs/{id}`: the notation of OpenAPI. */
export function templatePath(path: Path): string {
  return path.replaceAll(/:(\w+)\+?/g, '{$1}');
}

/** Sorts fixed segments before parameters, and parameters before what takes slashes too. */
export function specificity(path: Path): string {
  return path.replaceAll(/:\w+\+/g, '~~').replaceAll(/:\w+/g, '~');
}
