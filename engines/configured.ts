import { ConfigError, variablesOfFile } from '../src/config.ts';
import { LauncherError } from './launcher-error.ts';
import type { Environment } from './settings.ts';

/** What is set, and under it what `switchyard.yaml` says: an engine that it names is not to be started beside it. */
export function withConfigured(environment: Environment): Record<string, string> {
  const set = Object.entries(environment).flatMap(([name, value]) => (value ? [[name, value]] : []));
  return { ...fileOf(environment), ...Object.fromEntries(set) };
}

function fileOf(environment: Environment): Record<string, string> {
  try {
    return variablesOfFile(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new LauncherError(error.message, 'Mend the file, or name another in SWITCHYARD_CONFIG.', { cause: error });
  }
}
