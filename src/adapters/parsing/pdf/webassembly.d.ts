/** The part of the WebAssembly interface that is used here: TypeScript has it only together with the browser's. */
declare namespace WebAssembly {
  type Exports = Record<string, unknown>;
  type Imports = Record<string, Record<string, unknown>>;
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Imports);
    readonly exports: Exports;
  }
  class Memory {
    readonly buffer: ArrayBuffer;
  }
  class Table {
    set(index: number, value: unknown): void;
  }
  class RuntimeError extends Error {}
}
