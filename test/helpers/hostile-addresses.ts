import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NameUnresolved, type Resolve } from '../../src/adapters/http/resolve.ts';

const file = join(import.meta.dirname, '../fixtures/hostile-addresses.json');

/** Addresses that nobody may make us call. `{port}` of the file is where the canary listens. */
export function hostileAddresses(canaryUrl: string): readonly string[] {
  const groups = Object.values(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string[]>);
  return groups.flat().map((address) => address.replaceAll('{port}', new URL(canaryUrl).port));
}

/** What the names of the corpus lead to where there are such; on a test's machine most lead nowhere. */
const addresses: Readonly<Record<string, readonly string[]>> = {
  'public.example': ['93.184.215.14'],
  localhost: ['127.0.0.1', '::1'],
  'localhost.': ['127.0.0.1'],
  'localhost.localdomain': ['127.0.0.1'],
  'app.localhost': ['127.0.0.1'],
  'ip6-localhost': ['::1'],
  '127.0.0.1.nip.io': ['127.0.0.1'],
  'localtest.me': ['127.0.0.1'],
  'host.docker.internal': ['172.17.0.1'],
  'gateway.internal': ['10.0.0.1'],
  'printer.local': ['192.168.1.9'],
  'kubernetes.default.svc': ['10.96.0.1'],
  'metadata.google.internal': ['169.254.169.254'],
  'metadata.internal': ['169.254.169.254'],
  metadata: ['169.254.169.254'],
  'instance-data': ['169.254.169.254'],
};

/** Answers from these tables, first the given one. Keeps what it was asked. */
export function createTestResolve(own: Readonly<Record<string, readonly string[]>> = {}) {
  const asked: string[] = [];
  const resolve: Resolve = async (name) => {
    asked.push(name);
    const found = own[name] ?? addresses[name];
    if (!found)
      throw new NameUnresolved('the name has no address', Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  return { resolve, asked };
}
