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
  return parent.type.startsWith('TS') || parent.type === 'PropertyDefinition' || parent.type === 'MethodDefinition';
}

function isProcess(node: unknown): boolean {
  if (!isNode(node)) return false;
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

function declaredNames(program: Node): Set<string> {
  const names = new Set<string>();
  const declares = (parent: Node, key: string) =>
    (key === 'id' && parent.type !== 'MemberExpression') || key === 'params' || key === 'local' || key === 'param';
  walk(program, (node, parent, key) => {
    const name = node.type === 'Identifier' && declares(parent, key) ? nameOf(node) : undefined;
    if (name) names.add(name);
    if (parent.type === 'Property' && key === 'value' && node.type === 'Identifier') names.add(String(node['name']));
  });
  return names;
}

export function readModule(path: string): ModuleFacts {
  const source = readFileSync(path, 'utf8');
  const { program, module, errors } = parseSync(path, source);
  if (errors[0]) throw new Error(`${path} cannot be parsed: ${errors[0].message}`);
  const root = program as unknown as Node;
  const lineOf = (offset: number) => source.slice(0, offset).split('\n').length;
  const startsWithType = (start: number, keyword: string) =>
    new RegExp(`^${keyword}\\s+type\\b`).test(source.slice(start, start + 40));

  const imports: ModuleImport[] = module.staticImports.map(({ start, moduleRequest }) => ({
    specifier: moduleRequest.value,
    // `import { type A }` leaves an import for its effects behind: only `import type` vanishes.
    typeOnly: startsWithType(start, 'import'),
    line: lineOf(start),
  }));
  for (const { start, entries } of module.staticExports) {
    const specifier = entries[0]?.moduleRequest?.value;
    if (specifier) imports.push({ specifier, typeOnly: startsWithType(start, 'export'), line: lineOf(start) });
  }

  const declared = declaredNames(root);
  const nodeGlobals: Finding[] = [];
  const environmentReads: Finding[] = [];
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
