import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A program and its arguments that run the parser child with as few rights as the platform can withhold. */
export interface SandboxCommand {
  program: string;
  arguments: readonly string[];
}

const project = fileURLToPath(new URL('../../../../', import.meta.url));
const unsharePrograms = ['/usr/bin/unshare', '/bin/unshare'];
/** As root, and as a user who may have namespaces of his own. */
const networkNamespaces = [['--net'], ['--user', '--map-root-user', '--net']];

/**
 * Node's permission model withholds file writes, child processes and all reads but the project's code and
 * `readableFolders`; an own network namespace, where the platform gives one, withholds the network.
 * `no-network.ts` does the latter once more from inside.
 */
export async function sandboxCommand(
  readableFolders: readonly string[],
  maxHeapBytes: number,
): Promise<SandboxCommand> {
  const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
  const node = [
    process.execPath,
    '--no-warnings',
    '--permission',
    ...readable([`${project}src`, `${project}node_modules`, `${project}package.json`, ...readableFolders]),
    '--allow-addons',
    '--allow-worker',
    `--max-old-space-size=${Math.floor(maxHeapBytes / (1024 * 1024))}`,
    `--require=${here('no-network.ts')}`,
    here('../child.ts'),
  ];
  const [program = process.execPath, ...rest] = [...(await networkNamespace()), ...node];
  return { program, arguments: rest };
}

/** The permission model compares names as they are given, so that a link needs its target named as well. */
function readable(paths: readonly string[]): string[] {
  const existing = paths.filter((path) => existsSync(path));
  return [...new Set(existing.flatMap((path) => [path, realpathSync(path)]))].map((path) => `--allow-fs-read=${path}`);
}

let probed: Promise<readonly string[]> | undefined;

/** The words before a command that give it a network of its own with nothing in it; none where that is not permitted. */
function networkNamespace(): Promise<readonly string[]> {
  probed ??= probeNetworkNamespace();
  return probed;
}

async function probeNetworkNamespace(): Promise<readonly string[]> {
  const unshare = unsharePrograms.find((program) => existsSync(program));
  if (unshare === undefined) return [];
  for (const options of networkNamespaces) {
    if (await succeeds(unshare, [...options, '--', process.execPath, '--version'])) return [unshare, ...options, '--'];
  }
  return [];
}

function succeeds(program: string, programArguments: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(program, programArguments, { timeout: 5_000, env: {} }, (error) => resolve(error === null));
  });
}
