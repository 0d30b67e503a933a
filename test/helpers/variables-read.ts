/** The variables that `read` asks its environment for. */
export function variablesRead(read: (environment: Record<string, string | undefined>) => unknown): Set<string> {
  const asked = new Set<string>();
  read(
    new Proxy<Record<string, string | undefined>>(
      {},
      {
        get(_target, name) {
          asked.add(String(name));
          return undefined;
        },
      },
    ),
  );
  return asked;
}
