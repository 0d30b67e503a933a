import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readSafetensors } from '../../../engines/models/safetensors.ts';
import { temporaryDirectories } from '../../helpers/temporary-directory.ts';

const newDirectory = temporaryDirectories('safetensors');

function writeFile(header: object, data: Buffer): string {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const path = join(newDirectory(), 'model.safetensors');
  writeFileSync(path, Buffer.concat([length, json, data]));
  return path;
}

const floats = (...values: number[]) => Buffer.from(Float32Array.from(values).buffer);

describe('a safetensors file', () => {
  it('gives each tensor its shape and values, wherever its bytes begin', async () => {
    const path = writeFile(
      {
        __metadata__: { format: 'pt' },
        ids: { dtype: 'I64', shape: [1], data_offsets: [0, 8] },
        weight: { dtype: 'F32', shape: [2, 1], data_offsets: [8, 16] },
        bias: { dtype: 'F32', shape: [1], data_offsets: [16, 20] },
      },
      Buffer.concat([Buffer.alloc(8), floats(1.5, -2), floats(0.25)]),
    );
    const tensors = await readSafetensors(path);
    assert.deepEqual([...tensors.keys()], ['weight', 'bias']);
    assert.deepEqual(tensors.get('weight'), { shape: [2, 1], values: Float32Array.of(1.5, -2) });
    assert.deepEqual(tensors.get('bias'), { shape: [1], values: Float32Array.of(0.25) });
  });

  it('of half precision is refused, not misread', async () => {
    const path = writeFile({ weight: { dtype: 'F16', shape: [2], data_offsets: [0, 4] } }, Buffer.alloc(4));
    await assert.rejects(readSafetensors(path), /Tensor weight of .* is F16; only F32 is understood/);
  });
});
