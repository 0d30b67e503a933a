/** Reads a safetensors file: a JSON header that says where each tensor's little-endian bytes lie, then those bytes. */
import { readFile } from 'node:fs/promises';
import { endianness } from 'node:os';

export interface Tensor {
  /** Outermost dimension first. */
  shape: readonly number[];
  values: Float32Array;
}

interface TensorHeader {
  dtype: string;
  shape: number[];
  data_offsets: [begin: number, end: number];
}

const lengthBytes = 8;
const metadataKey = '__metadata__';

/** All float tensors of the file by name; integer tensors (position ids) are left out. */
export async function readSafetensors(path: string): Promise<Map<string, Tensor>> {
  if (endianness() !== 'LE') throw new Error('safetensors hold little-endian numbers, and this machine is big-endian');
  const file = await readFile(path);
  const dataStart = lengthBytes + Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString('utf8', lengthBytes, dataStart)) as Record<string, TensorHeader>;
  const tensors = new Map<string, Tensor>();
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(header)) {
    if (name === metadataKey || dtype.startsWith('I')) continue;
    if (dtype !== 'F32') throw new Error(`Tensor ${name} of ${path} is ${dtype}; only F32 is understood`);
    // Copied, because a Float32Array needs an aligned start.
    const bytes = Uint8Array.prototype.slice.call(file, dataStart + offsets[0], dataStart + offsets[1]);
    tensors.set(name, { shape, values: new Float32Array(bytes.buffer) });
  }
  return tensors;
}
