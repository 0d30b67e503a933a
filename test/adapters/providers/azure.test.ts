import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WireDialect } from '../../../src/core/chat.ts';
import { providerAddress } from '../../../src/core/models/provider-address.ts';
import { patience, secretKey, useVendor } from '../../conformance/provider/setup.ts';
import { models, speaksOpenAi } from '../../helpers/wire/openai.ts';

describe('OpenAI on Azure', () => {
  const { vendor, upstream, targetOf } = useVendor('azure');

  async function pathFor(address: string, dialect: WireDialect): Promise<string | undefined> {
    upstream().respond(speaksOpenAi());
    // As it is stored for a provider.
    const url = providerAddress('azure', `${upstream().url}${address}`);
    const target = { ...targetOf('my gpt'), url };
    const call = { target, signal: patience(), dialect, stream: false, bytes: Buffer.from('{}') };
    // The fake knows other paths; how it was asked is all that counts.
    await vendor.relay?.(call).catch(() => undefined);
    return upstream().ledger.at(-1)?.path;
  }

  it('is asked under /openai/v1 with its own header', async () => {
    assert.equal(await pathFor('', 'openai-chat'), '/openai/v1/chat/completions');
    assert.equal(await pathFor('', 'openai-responses'), '/openai/v1/responses');
    assert.equal(await pathFor('openai/v1/', 'openai-chat'), '/openai/v1/chat/completions');
    assert.equal(upstream().ledger[0]?.headers['api-key'], secretKey);
    assert.equal(upstream().ledger[0]?.headers.authorization, undefined);
  });

  it('is asked under a deployment where the address has a version', async () => {
    const address = 'openai?api-version=2024-10-21';
    assert.equal(
      await pathFor(address, 'openai-chat'),
      '/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21',
    );
    assert.equal(await pathFor(`${address}/`, 'openai-responses'), '/openai/v1/responses');
  });

  it('is asked under the path of the gateway it is behind', async () => {
    const paths: Record<string, string> = {
      'team-a/': '/team-a/openai/v1/chat/completions',
      'team-a/openai/v1/': '/team-a/openai/v1/chat/completions',
      'team-a/?api-version=1': '/team-a/openai/deployments/my%20gpt/chat/completions?api-version=1',
      'my-openai/': '/my-openai/openai/v1/chat/completions',
      'openai/openai/': '/openai/openai/v1/chat/completions',
    };
    for (const [address, path] of Object.entries(paths)) assert.equal(await pathFor(address, 'openai-chat'), path);
  });

  it('is found by the address of one of its deployments', async () => {
    const address = 'openai/deployments/gpt/chat/completions?api-version=1';
    const path = '/openai/deployments/my%20gpt/chat/completions?api-version=1';
    assert.equal(await pathFor(address, 'openai-chat'), path);
  });

  it('does not list its deployments', async () => {
    upstream().next(models(['gpt-5.2']));
    const capabilities = await vendor.discover?.({
      type: 'text-generation',
      target: targetOf('my gpt'),
      signal: patience(),
    });
    assert.deepEqual(capabilities, { maxContextLength: null, vectorSize: null });
    assert.equal(upstream().ledger[0]?.path, '/openai/v1/models');
  });
});
