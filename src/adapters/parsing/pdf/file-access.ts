import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Pdfium, Pointer } from './pdfium.ts';

/** A file that PDFium reads piece by piece through `FPDF_FILEACCESS`, so that its size is not a cost in memory. */
export interface FileAccess {
  /** The `FPDF_FILEACCESS` structure: length, read function, parameter. */
  address: Pointer;
  close(): void;
}

const blockBytes = 64 * 1024;

/**
 * `(module (import "host" "read" (func (param i32 i32 i32 i32) (result i32))) (export "read" (func 0)))`: only a
 * WebAssembly function may stand in a function table, and this makes one of a JavaScript function.
 */
const trampoline = new WebAssembly.Module(
  // biome-ignore format: one section of the module per line
  Uint8Array.of(
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
    0x01, 0x09, 0x01, 0x60, 0x04, 0x7f, 0x7f, 0x7f, 0x7f, 0x01, 0x7f,
    0x02, 0x0d, 0x01, 0x04, 0x68, 0x6f, 0x73, 0x74, 0x04, 0x72, 0x65, 0x61, 0x64, 0x00, 0x00,
    0x07, 0x08, 0x01, 0x04, 0x72, 0x65, 0x61, 0x64, 0x00, 0x00,
  ),
);

type ReadFunction = (parameter: number, position: number, target: Pointer, size: number) => number;

/**
 * PDFium is built with a table that cannot grow. Slot 0 is C's null pointer, so nothing else can stand there; one
 * function in it serves every file of an instance, and the parameter says which file.
 */
const slot = 0;
type ReadBlock = (position: number, target: Uint8Array) => boolean;
const filesOf = new WeakMap<Pdfium, Map<number, ReadBlock>>();

function openFilesOf(pdfium: Pdfium): Map<number, ReadBlock> {
  const known = filesOf.get(pdfium);
  if (known !== undefined) return known;
  const files = new Map<number, ReadBlock>();
  const read: ReadFunction = (parameter, position, target, size) => {
    const file = files.get(parameter);
    const ok = file?.(position >>> 0, pdfium.bytes().subarray(target >>> 0, (target >>> 0) + (size >>> 0)));
    return ok ? 1 : 0;
  };
  const { exports } = new WebAssembly.Instance(trampoline, { host: { read } });
  pdfium.exports.__indirect_function_table.set(slot, exports['read']);
  filesOf.set(pdfium, files);
  return files;
}

/** Reads through one block of cache, because PDFium's parser asks for half a kilobyte at a time. */
function cachedRead(descriptor: number, fileBytes: number): ReadBlock {
  const block = Buffer.alloc(blockBytes);
  let blockStart = 0;
  let blockEnd = 0;
  return (position, target) => {
    if (position + target.length > fileBytes) return false;
    if (target.length >= blockBytes) return readSync(descriptor, target, 0, target.length, position) === target.length;
    if (position < blockStart || position + target.length > blockEnd) {
      blockStart = position;
      blockEnd = position + readSync(descriptor, block, 0, blockBytes, position);
      if (position + target.length > blockEnd) return false;
    }
    target.set(block.subarray(position - blockStart, position - blockStart + target.length));
    return true;
  };
}

export function openFileAccess(pdfium: Pdfium, path: string): FileAccess {
  const files = openFilesOf(pdfium);
  const descriptor = openSync(path, 'r');
  const fileBytes = fstatSync(descriptor).size;
  files.set(descriptor, cachedRead(descriptor, fileBytes));
  const address = pdfium.exports.malloc(12);
  const view = pdfium.view();
  view.setUint32(address, fileBytes, true);
  view.setUint32(address + 4, slot, true);
  view.setUint32(address + 8, descriptor, true);
  return {
    address,
    close() {
      files.delete(descriptor);
      closeSync(descriptor);
      pdfium.exports.free(address);
    },
  };
}
