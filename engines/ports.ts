/** TCP ports on the loopback address: free ones, and who holds a taken one. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { LauncherError } from './launcher-error.ts';

const host = '127.0.0.1';
const listenState = '0A';

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** `count` different ports that nobody listened on a moment ago. */
export async function findFreePorts(count: number): Promise<number[]> {
  // All are held until the last is chosen, so that none comes twice.
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('A TCP server has no port');
    return address.port;
  });
  await Promise.all(servers.map(close));
  return ports;
}

export async function isPortFree(port: number): Promise<boolean> {
  try {
    await close(await listen(port));
    return true;
  } catch {
    return false;
  }
}

function listeningSocketInodes(port: number): Set<string> {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    let rows: string[] = [];
    try {
      rows = readFileSync(table, 'utf8').split('\n').slice(1);
    } catch {}
    for (const row of rows) {
      const fields = row.trim().split(/\s+/);
      const [localAddress, state, inode] = [fields[1], fields[3], fields[9]];
      if (state === listenState && localAddress?.endsWith(`:${hexPort}`) && inode) inodes.add(inode);
    }
  }
  return inodes;
}

function ownerOfSocket(inodes: ReadonlySet<string>): number | undefined {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
        const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1];
        if (inode && inodes.has(inode)) return Number(pid);
      }
    } catch {
      // The process ended, or it is not ours to look into.
    }
  }
  return undefined;
}

/** The process that listens on `port`, where the system lets us see it. */
export function findPortHolder(port: number): number | undefined {
  if (process.platform === 'linux') return ownerOfSocket(listeningSocketInodes(port));
  const { stdout } = spawnSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'], { encoding: 'utf8' });
  return Number(stdout?.split('\n')[0]) || undefined;
}

/** Throws when `port` is taken, saying by whom and which `variable` moves it. */
export async function ensurePortFree(port: number, purpose: string, variable: string): Promise<void> {
  if (await isPortFree(port)) return;
  const holder = findPortHolder(port);
  throw new LauncherError(
    `Port ${port} for ${purpose} is taken${holder ? ` by process ${holder}` : ''}.`,
    `End that process, or choose another port: ${variable}=<port>.`,
  );
}
