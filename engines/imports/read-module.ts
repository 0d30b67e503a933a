/** What one source file imports and which of Node's globals it uses, by parsing it. */
import { readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';

export interface ModuleImport {
  /** As written; undefined for a dynamic import of something computed. */
  specifier: string | undefined;
  /** True when nothing of it is left once types are stripped. */
  typeOnly: boolean;
  line: number;
}

interface Finding {
  /** `process`, `Buffer`, `process.env` … */
  name: string;
  line: number;
}

export interface ModuleFacts {
  imports: ModuleImport[];
  /** Globals that only Node has. */
  nodeGlobals: Finding[];
  environmentReads: Finding[];
}

interface Node {
  type: string;
  start: number;
  [key: string]: unknown;
}

const nodeGlobalNames = new Set([
  'process',
  'Buffer',
  'global',
  'require',
  'module',
  '__dirname',
  '__filename',
  'setImmediate',
  'clearImmediate',
]);

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Node>).type === 'string';
}

function* childrenOf(node: Node): Generator<[key: string, child: Node]> {
  for (const [key, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield [key, child];
  }
}

/** `visit` gets every node with the one above it and the name of the field it is in. */
function walk(node: Node, visit: (node: Node, parent: Node, key: string) => void): void {
  for (const [key, child] of childrenOf(node)) {
    visit(child, node, key);
    walk(child, visit);
  }
}

function nameOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === 'Identifier') return String(node['name']);
  return node.type === 'Literal' && typeof node['value'] === 'string' ? node['value'] : undefined;
}

/** True where an identifier names a property or something declared, and reads no variable. */
function isOnlyName(parent: Node, key: string): boolean {
  if (parent.type === 'MemberExpression') return key === 'property' && parent['computed'] !== true;
  if (parent.type === 'Property') return key === 'key' && parent['computed'] !== true && parent['shorthand'] !== true;
  if (parent.type === 'PropertyDefinition' || parent.type === 'MethodDefinition') return key === 'key';
  return parent.type.startsWith('TS') && !isCast(parent);
}

/** `value as Type` and its like: an expression with something for the compiler around it. */
function isCast(node: Node): boolean {
  return node.type.startsWith('TS') && isNode(node['expression']);
}

function isProcess(node: unknown): boolean {
  if (!isNode(node)) return false;
  if (isCast(node)) return isProcess(node['expression']);
  if (node.type === 'MemberExpression')
    return nameOf(node['object']) === 'globalThis' && nameOf(node['property']) === 'process';
  return nameOf(node) === 'process' && node.type === 'Identifier';
}

function readsEnvironment(node: Node): boolean {
  if (node.type === 'MemberExpression') return isProcess(node['object']) && nameOf(node['property']) === 'env';
  if (node.type !== 'VariableDeclarator' || !isProcess(node['init'])) return false;
  const pattern = node['id'];
  const properties = isNode(pattern) && Array.isArray(pattern['properties']) ? pattern['properties'] : [];
  return properties.some((property) => isNode(property) && nameOf(property['key']) === 'env');
}

/** Where a pattern such as `{ a: name }` puts its names. */
function patternNames(pattern: Node): (string | undefined)[] {
  const properties = Array.isArray(pattern['properties']) ? pattern['properties'] : [];
  return properties.map((property) => (isNode(property) ? nameOf(property['value']) : undefined));
}

/** Every name that the module itself gives to something, whatever its scope. */
function declaredNames(program: Node): Set<string> {
  const names = new Set<string | undefined>();
  walk(program, (node, _parent, key) => {
    if (node.type === 'ObjectPattern') for (const name of patternNames(node)) names.add(name);
    if (key === 'id' || key === 'params' || key === 'local' || key === 'param') names.add(nameOf(node));
  });
  names.delete(undefined);
  return names as Set<string>;
}

export function readModule(path: string): ModuleFacts {
  const text = readFileSync(path, 'utf8');
  const { program, module, errors } = parseSync(path, text, { preserveParens: false });
  if (errors[0]) throw new Error(`${path} cannot be parsed: ${errors[0].message}`);
  const root = program as unknown as Node;
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length;
  const startsWithType = (start: number, keyword: string) =>
    new RegExp(`^${keyword}\\s+type\\b`).test(text.slice(start, start + 40));

  const imports: ModuleImport[] = module.staticImports.map(({ start, moduleRequest }) => ({
    specifier: moduleRequest.value,
    // `import { type A }` leaves an import for its effects behind: only `import type` vanishes.
    typeOnly: startsWithType(start, 'import'),
    line: lineOf(start),
  }));
  const importStarts = new Set(module.staticImports.map(({ start }) => start));
  for (const { start, entries } of module.staticExports) {
    const specifier = entries[0]?.moduleRequest?.value;
    // The export of something imported elsewhere in the file is placed at that import, which is listed already.
    if (!specifier || importStarts.has(start)) continue;
    imports.push({ specifier, typeOnly: startsWithType(start, 'export'), line: lineOf(start) });
  }

  const declared = declaredNames(root);
  const nodeGlobals: Finding[] = [];
  // The global needs no import: who imports it wants `env` under another name.
  const environmentReads: Finding[] = imports
    .filter(({ specifier }) => specifier === 'node:process' || specifier === 'process')
    .map(({ line }) => ({ name: 'node:process', line }));
  walk(root, (node, parent, key) => {
    if (node.type === 'ImportExpression') {
      const argument = node['source'];
      const literal = isNode(argument) && argument.type === 'Literal' ? nameOf(argument) : undefined;
      imports.push({ specifier: literal, typeOnly: false, line: lineOf(node.start) });
    }
    if (node.type === 'TSImportType')
      imports.push({ specifier: nameOf(node['source']), typeOnly: true, line: lineOf(node.start) });
    if (readsEnvironment(node)) environmentReads.push({ name: 'process.env', line: lineOf(node.start) });
    const name = node.type === 'Identifier' ? nameOf(node) : undefined;
    if (name && nodeGlobalNames.has(name) && !declared.has(name) && !isOnlyName(parent, key))
      nodeGlobals.push({ name, line: lineOf(node.start) });
  });
  return { imports, nodeGlobals, environmentReads };
}
