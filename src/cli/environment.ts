/** What the program takes from its environment; the only reader of it here, as `src/config.ts` is for the servers. */
export interface Environment {
  url: string | null;
  key: string | null;
  /** See no-color.org. */
  noColor: boolean;
  /** A terminal that cannot move its cursor. */
  dumb: boolean;
}

export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  return {
    url: env['SWITCHYARD_URL'] || null,
    key: env['SWITCHYARD_API_KEY'] || null,
    noColor: Boolean(env['NO_COLOR']),
    dumb: env['TERM'] === 'dumb',
  };
}
