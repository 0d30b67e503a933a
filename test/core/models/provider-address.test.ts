import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../../src/core/errors.ts';
import { providerAddress } from '../../../src/core/models/provider-address.ts';
import type { VendorName } from '../../../src/core/models.ts';

function refusal(vendor: VendorName, url: string | null): string {
  try {
    return `accepted as ${providerAddress(vendor, url)}`;
  } catch (error) {
    assert.ok(error instanceof GatewayError && error.code === 'invalid_request' && error.param === 'url');
    return error.publicMessage;
  }
}

describe('the address of a provider', () => {
  it('has a slash at its end and no version', () => {
    const spellings = [
      'https://models.example',
      'https://models.example/',
      'https://models.example/v1',
      'https://models.example//v1//',
      'HTTPS://Models.Example:443/v1/',
    ];
    for (const spelling of spellings) assert.equal(providerAddress('vllm', spelling), 'https://models.example/');
  });

  it('keeps the path of a deployment behind others', () => {
    assert.equal(providerAddress('vllm', 'http://10.0.0.7:8000/llama/v1'), 'http://10.0.0.7:8000/llama/');
    assert.equal(providerAddress('vllm', 'http://10.0.0.7:8000/v10'), 'http://10.0.0.7:8000/v10/');
  });

  it('may say which version of Azure is spoken, and nothing else in its query', () => {
    const address = 'https://apim.example/team-a/?api-version=2024-10-21';
    assert.equal(providerAddress('azure', address), address);
    assert.match(refusal('vllm', address), /without query and fragment/);
    assert.match(refusal('azure', `${address}&subscription-key=secret`), /without query and fragment/);
  });

  it("is the vendor's own unless one is given", () => {
    assert.equal(providerAddress('openai', null), 'https://api.openai.com/');
    assert.equal(providerAddress('mistral', null), 'https://api.mistral.ai/');
    assert.equal(providerAddress('openai', 'http://127.0.0.1:9'), 'http://127.0.0.1:9/');
  });

  it('must be given where only its operator knows it', () => {
    for (const vendor of ['azure', 'ollama', 'tei', 'vllm'] as const) {
      assert.equal(refusal(vendor, null), 'URL is required for this model provider type.');
    }
  });

  it('is none for what runs here', () => {
    assert.equal(providerAddress('local', null), null);
    assert.match(refusal('local', 'http://127.0.0.1/'), /no url/);
  });

  it('is of the web, and holds neither credentials nor anything behind its path', () => {
    for (const url of ['ftp://host/', 'file:///etc/passwd', 'host:8000', 'javascript:0', '']) {
      assert.match(refusal('vllm', url), /http or https|required/, url);
    }
    assert.match(refusal('vllm', 'https://user@host/'), /without user and password/);
    assert.match(refusal('vllm', 'https://:secret@host/'), /without user and password/);
    assert.match(refusal('vllm', 'https://host/?key=secret'), /without query and fragment/);
    assert.match(refusal('vllm', 'https://host/#part'), /without query and fragment/);
  });
});
