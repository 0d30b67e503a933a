import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PDFiumModule } from '@hyzyla/pdfium';

/** An address in PDFium's memory; 0 is none. */
export type Pointer = number;

/** The C functions of PDFium that we call, under their own names (public/fpdfview.h, fpdf_text.h, fpdf_edit.h, ...). */
interface PdfiumExports extends WebAssembly.Exports {
  memory: WebAssembly.Memory;
  __indirect_function_table: WebAssembly.Table;
  malloc(bytes: number): Pointer;
  free(address: Pointer): void;
  FPDF_InitLibrary(): void;
  FPDF_LoadCustomDocument(access: Pointer, password: Pointer): Pointer;
  FPDF_CloseDocument(document: Pointer): void;
  FPDF_GetLastError(): number;
  FPDF_GetPageCount(document: Pointer): number;
  FPDF_LoadPage(document: Pointer, index: number): Pointer;
  FPDF_ClosePage(page: Pointer): void;
  FPDF_GetPageBoundingBox(page: Pointer, box: Pointer): number;
  FPDFPage_GetRotation(page: Pointer): number;
  FPDFPage_GetAnnotCount(page: Pointer): number;
  FPDFPage_GetAnnot(page: Pointer, index: number): Pointer;
  FPDFPage_CloseAnnot(annotation: Pointer): void;
  FPDFAnnot_GetSubtype(annotation: Pointer): number;
  FPDFPage_Flatten(page: Pointer, usage: number): number;
  FPDFText_LoadPage(page: Pointer): Pointer;
  FPDFText_ClosePage(text: Pointer): void;
  FPDFText_CountChars(text: Pointer): number;
  FPDFText_GetUnicode(text: Pointer, index: number): number;
  FPDFText_IsGenerated(text: Pointer, index: number): number;
  FPDFText_IsHyphen(text: Pointer, index: number): number;
  FPDFText_HasUnicodeMapError(text: Pointer, index: number): number;
  FPDFText_GetFontSize(text: Pointer, index: number): number;
  FPDFText_GetFontWeight(text: Pointer, index: number): number;
  FPDFText_GetFontInfo(text: Pointer, index: number, name: Pointer, nameBytes: number, flags: Pointer): number;
  FPDFText_GetTextObject(text: Pointer, index: number): Pointer;
  FPDFText_GetMatrix(text: Pointer, index: number, matrix: Pointer): number;
  FPDFText_GetLooseCharBox(text: Pointer, index: number, box: Pointer): number;
  FPDFText_GetCharOrigin(text: Pointer, index: number, x: Pointer, y: Pointer): number;
  FPDFPage_CountObjects(page: Pointer): number;
  FPDFPage_GetObject(page: Pointer, index: number): Pointer;
  FPDFFormObj_CountObjects(form: Pointer): number;
  FPDFFormObj_GetObject(form: Pointer, index: number): Pointer;
  FPDFPageObj_GetType(object: Pointer): number;
  FPDFPageObj_GetMatrix(object: Pointer, matrix: Pointer): number;
  FPDFPageObj_GetBounds(object: Pointer, left: Pointer, bottom: Pointer, right: Pointer, top: Pointer): number;
  FPDFImageObj_GetImagePixelSize(image: Pointer, width: Pointer, height: Pointer): number;
  FPDFPath_CountSegments(path: Pointer): number;
  FPDFPath_GetPathSegment(path: Pointer, index: number): Pointer;
  FPDFPath_GetDrawMode(path: Pointer, fillMode: Pointer, stroke: Pointer): number;
  FPDFPathSegment_GetPoint(segment: Pointer, x: Pointer, y: Pointer): number;
  FPDFPathSegment_GetClose(segment: Pointer): number;
  FPDFPathSegment_GetType(segment: Pointer): number;
  FPDFBitmap_CreateEx(width: number, height: number, format: number, buffer: Pointer, stride: number): Pointer;
  FPDFBitmap_FillRect(
    bitmap: Pointer,
    left: number,
    top: number,
    width: number,
    height: number,
    colour: number,
  ): number;
  FPDFBitmap_GetBuffer(bitmap: Pointer): Pointer;
  FPDFBitmap_GetStride(bitmap: Pointer): number;
  FPDFBitmap_Destroy(bitmap: Pointer): void;
  FPDF_RenderPageBitmap(
    bitmap: Pointer,
    page: Pointer,
    left: number,
    top: number,
    width: number,
    height: number,
    rotate: number,
    flags: number,
  ): void;
}

/** One instance of PDFium. After a trap (out of memory, stack overflow) it must not be used again. */
export interface Pdfium {
  exports: PdfiumExports;
  /** The memory as it is now; a view taken before a call may be detached after it. */
  view(): DataView;
  bytes(): Uint8Array;
  /** 64 bytes for out-parameters of a single call. */
  scratch: Pointer;
}

type ResizeHeap = (bytes: number) => boolean;

/** PDFium's printing is turned off: the process that reads a file speaks to its parent on standard output. */
const silent = () => {};

/**
 * Starts PDFium with a heap that cannot grow beyond `maxHeapBytes`, so that a file which inflates without end ends in a
 * trap within PDFium and not in the death of the process.
 */
export async function startPdfium(maxHeapBytes: number): Promise<Pdfium> {
  const wasm = readFileSync(fileURLToPath(import.meta.resolve('@hyzyla/pdfium/pdfium.wasm')));
  const instantiateWasm = (
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance) => WebAssembly.Exports,
  ) => {
    const environment = imports['env'] ?? {};
    const resize = environment['emscripten_resize_heap'] as ResizeHeap;
    environment['emscripten_resize_heap'] = (bytes: number) => bytes >>> 0 <= maxHeapBytes && resize(bytes);
    return receive(new WebAssembly.Instance(new WebAssembly.Module(wasm), imports));
  };
  const options = { instantiateWasm, print: silent, printErr: silent };
  const module = await PDFiumModule(options as unknown as Parameters<typeof PDFiumModule>[0]);
  const exports = module.wasmExports as unknown as PdfiumExports;
  exports.FPDF_InitLibrary();
  let view = new DataView(exports.memory.buffer);
  return {
    exports,
    view() {
      if (view.buffer !== exports.memory.buffer) view = new DataView(exports.memory.buffer);
      return view;
    },
    bytes: () => new Uint8Array(exports.memory.buffer),
    scratch: exports.malloc(64),
  };
}
