import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, it } from 'node:test';
import { ensurePortFree, findFreePorts, findPortHolder, isPortFree } from '../../engines/ports.ts';

async function withListener(use: (port: number) => Promise<void>): Promise<void> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await use((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

describe('ports', () => {
  it('that are said to be free are different and free', async () => {
    const ports = await findFreePorts(5);
    assert.equal(new Set(ports).size, 5);
    for (const port of ports) assert.equal(await isPortFree(port), true);
  });

  it('that are taken are named with their holder and the variable that moves them', async () => {
    await withListener(async (port) => {
      assert.equal(await isPortFree(port), false);
      assert.equal(findPortHolder(port), process.pid);
      await assert.rejects(ensurePortFree(port, 'MongoDB', 'MONGODB_PORT'), {
        name: 'LauncherError',
        message: `Port ${port} for MongoDB is taken by process ${process.pid}.`,
        remedy: 'End that process, or choose another port: MONGODB_PORT=<port>.',
      });
    });
  });

  it('that nobody holds have no holder', async () => {
    const [port = 0] = await findFreePorts(1);
    assert.equal(findPortHolder(port), undefined);
    await ensurePortFree(port, 'MongoDB', 'MONGODB_PORT');
  });
});
