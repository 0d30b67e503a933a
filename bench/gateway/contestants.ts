import { execFileSync, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePorts } from '../../engines/ports.ts';
import type { Stack } from '../../engines/stack.ts';
import { createClient } from '../../examples/demo/client.ts';
import { pin, startServer } from './processes.ts';

/** A gateway that runs on one core and passes calls on to the stub. */
export interface Contestant {
  name: string;
  pid: number;
  url: string;
  headers: Record<string, string>;
  model: string;
  stop(): Promise<void>;
}

const gatewayCore = 0;
const portkeyVersion = '1.15.2';
const overrides = { '@hono/node-server': '1.13.5', hono: '4.9.7' };

export async function startKoa(upstream: string): Promise<Contestant> {
  const { url, child } = await startServer('koa-proxy.ts', [upstream], gatewayCore);
  return {
    name: 'koa + undici',
    pid: child.pid ?? 0,
    url: `${url}/v1/chat/completions`,
    headers: { authorization: 'Bearer caller' },
    model: 'stub',
    stop: async () => {
      child.kill();
    },
  };
}

/** Debian's nginx, if the machine has it. */
export async function startNginx(upstream: string, folder: string): Promise<Contestant | null> {
  if (!isInstalled('nginx')) return null;
  await mkdir(folder, { recursive: true });
  const [port = 0] = await findFreePorts(1);
  const config = `
worker_processes 1;
daemon off;
pid ${folder}/pid;
error_log ${folder}/error.log;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  upstream stub { server ${new URL(upstream).host}; keepalive 1024; }
  server {
    listen 127.0.0.1:${port};
    keepalive_requests 10000000;
    location / {
      proxy_pass http://stub;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }
}`;
  await writeFile(join(folder, 'nginx.conf'), config);
  const child = spawn('taskset', ['-c', String(gatewayCore), 'nginx', '-c', join(folder, 'nginx.conf')], {
    stdio: 'inherit',
  });
  const url = `http://127.0.0.1:${port}/v1/chat/completions`;
  await answering(url);
  return {
    name: 'nginx',
    pid: child.pid ?? 0,
    url,
    headers: { authorization: 'Bearer caller' },
    model: 'stub',
    stop: async () => {
      child.kill();
    },
  };
}

/** Portkey's gateway, fetched from npm into the bench's own folder. */
export async function startPortkey(upstream: string, folder: string): Promise<Contestant> {
  await mkdir(folder, { recursive: true });
  const manifest = { private: true, dependencies: { '@portkey-ai/gateway': portkeyVersion }, overrides };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], { cwd: folder });
  const [port = 0] = await findFreePorts(1);
  const program = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  const child = spawn(
    'taskset',
    ['-c', String(gatewayCore), process.execPath, program, `--port=${port}`, '--headless'],
    {
      stdio: 'ignore',
      env: { ...process.env, NODE_ENV: 'production', TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost' },
    },
  );
  const url = `http://127.0.0.1:${port}/v1/chat/completions`;
  await answering(url);
  return {
    name: `portkey ${portkeyVersion}`,
    pid: child.pid ?? 0,
    url,
    headers: {
      authorization: 'Bearer upstream',
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `${upstream}/v1`,
    },
    model: 'stub',
    stop: async () => {
      child.kill();
    },
  };
}

/**
 * The API process of a whole stack, with a key of an ordinary user: authentication, limits, ledger, log and metrics on.
 * It relays the stub's words of OpenAI, and translates those of Anthropic.
 */
export async function useSwitchyard(stack: Stack, upstream: string) {
  const admin = createClient(stack.url, stack.masterKey);
  const headers = { authorization: `Bearer ${stack.masterKey}`, 'content-type': 'application/json' };
  const post = async (path: string, body: object) => {
    const response = await fetch(`${stack.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return (await response.json()) as { id: number };
  };
  const user = await admin.createUser(`bench-${crypto.randomUUID()}@example.com`, 'a long password');
  const { token } = await admin.createKeyFor(user.id);
  pin(stack.api.child.pid, gatewayCore);

  async function offer(name: string, type: string): Promise<Contestant> {
    const model = `bench-${crypto.randomUUID()}`;
    const router = await post('/v1/admin/routers', { name: model, type: 'text-generation' });
    await post('/v1/admin/providers', { router: router.id, type, url: upstream, key: 'upstream', model_name: 'stub' });
    return {
      name,
      pid: stack.api.child.pid,
      url: `${stack.url}/v1/chat/completions`,
      headers: { authorization: `Bearer ${token}` },
      model,
      stop: async () => undefined,
    };
  }
  return {
    relayed: await offer('switchyard', 'openai'),
    translated: await offer('switchyard, translated', 'anthropic'),
  };
}

function isInstalled(command: string): boolean {
  try {
    execFileSync('which', [command], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function answering(url: string): Promise<void> {
  const givesUpAt = Date.now() + 30_000;
  while (Date.now() < givesUpAt) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} does not answer`);
}
