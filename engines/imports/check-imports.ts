/** Holds every file of `src` against the import rules and says, for each violation, where, why not and what instead. */
import { globSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import { type ModuleFacts, type ModuleImport, readModule } from './read-module.ts';
import { environmentReaders, type ImportRule, importRules } from './rules.ts';

interface Target {
  kind: 'file' | 'package' | 'builtin' | 'computed';
  /** A path from the project folder, a package's name, or the specifier as written. */
  name: string;
}

const zod = 'zod';
const vendorsFolder = 'src/adapters/providers/';
/** What all vendors share of translating a chat. */
const translationFolder = `${vendorsFolder}translation/`;

function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function resolveImport(from: string, { specifier }: ModuleImport): Target {
  if (specifier === undefined) return { kind: 'computed', name: 'a module whose name is computed' };
  if (specifier.startsWith('.'))
    return { kind: 'file', name: posix.normalize(posix.join(posix.dirname(from), specifier)) };
  if (isBuiltin(specifier)) return { kind: 'builtin', name: specifier };
  return { kind: 'package', name: packageName(specifier) };
}

function matchesPackage(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('/*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );
}

function mayUsePackage({ packages }: ImportRule, name: string): boolean {
  if (packages === 'any') return true;
  return 'only' in packages ? matchesPackage(name, packages.only) : !matchesPackage(name, packages.except);
}

/** The prefix of the files that belong together with `file`. */
function ownRoom(rule: ImportRule, file: string): string {
  if (!rule.folderIsRoom) return rule.from;
  // Each vendor is a room of its own.
  const parent = file.startsWith(vendorsFolder) ? vendorsFolder : rule.from;
  const folder = file.slice(parent.length).split('/').slice(0, -1)[0];
  return folder ? `${parent}${folder}/` : parent;
}

/** What lies beside the vendors' folders is what they share, and so is how they translate. */
function isSharedByVendors(file: string, target: string): boolean {
  const folder = `${posix.dirname(target)}/`;
  return file.startsWith(vendorsFolder) && (folder === vendorsFolder || folder === translationFolder);
}

function mayImportFile(rule: ImportRule, file: string, target: string, typeOnly: boolean): boolean {
  const allowed = [ownRoom(rule, file), ...rule.values, ...(typeOnly ? rule.types : [])];
  return allowed.some((prefix) => target.startsWith(prefix)) || isSharedByVendors(file, target);
}

/** The shortest way by value imports from `file` to zod, if there is one. */
function findWayToZod(modules: ReadonlyMap<string, ModuleFacts>, file: string): string[] | undefined {
  const ways = [[file]];
  const seen = new Set([file]);
  for (const way of ways) {
    const current = way.at(-1) ?? file;
    for (const imported of modules.get(current)?.imports ?? []) {
      const target = resolveImport(current, imported);
      if (imported.typeOnly || seen.has(target.name)) continue;
      if (target.kind === 'package' && target.name === zod) return [...way, zod];
      seen.add(target.name);
      if (target.kind === 'file') ways.push([...way, target.name]);
    }
  }
  return undefined;
}

function describeViolation(rule: ImportRule, place: string, what: string): string {
  return `${place} ${what}\n    ${rule.title} may not: ${rule.why}.\n    ${rule.instead}`;
}

function judgeImport(
  rule: ImportRule,
  file: string,
  imported: ModuleImport,
  modules: ReadonlyMap<string, ModuleFacts>,
): string | undefined {
  const place = `${file}:${imported.line}`;
  const target = resolveImport(file, imported);
  const violation = describeViolation(rule, place, `imports ${target.name}`);
  switch (target.kind) {
    case 'builtin':
      return rule.node ? undefined : violation;
    case 'package':
      return mayUsePackage(rule, target.name) ? undefined : violation;
    case 'computed':
      return rule.node ? undefined : violation;
    case 'file': {
      if (!mayImportFile(rule, file, target.name, imported.typeOnly)) return violation;
      const way = rule.withoutZod && !imported.typeOnly ? findWayToZod(modules, target.name) : undefined;
      return way && describeViolation(rule, place, `reaches zod: ${way.join(' -> ')}`);
    }
  }
}

function judgeFile(file: string, facts: ModuleFacts, modules: ReadonlyMap<string, ModuleFacts>): string[] {
  const rule = importRules.find(({ from }) => file.startsWith(from));
  if (!rule)
    return [
      `${file} belongs to no room of src/\n    Every file needs a rule that says what it may import.\n    Move it into a folder of src/.`,
    ];
  const violations = facts.imports.flatMap((imported) => judgeImport(rule, file, imported, modules) ?? []);
  const globals = rule.node ? [] : facts.nodeGlobals;
  violations.push(
    ...globals.map(({ name, line }) => describeViolation(rule, `${file}:${line}`, `uses ${name}, a global of Node`)),
  );
  const reads = environmentReaders.includes(file) ? [] : facts.environmentReads;
  violations.push(
    ...reads.map(
      ({ name, line }) =>
        `${file}:${line} reads ${name}\n    Only ${environmentReaders.join(' and ')} may: settings are read once, checked together and passed as arguments.\n` +
        '    Add the setting to its schema and take it as an argument.',
    ),
  );
  return violations;
}

/** All violations below `<root>/src`, in the order of files; empty when there are none. */
export function checkImports(root: string): string[] {
  const files = globSync('src/**/*.ts', { cwd: root }).sort();
  if (files.length === 0) throw new Error(`${join(root, 'src')} holds no TypeScript file`);
  const modules = new Map(files.map((file) => [file, readModule(join(root, file))]));
  return files.flatMap((file) =>
    judgeFile(file, modules.get(file) ?? { imports: [], nodeGlobals: [], environmentReads: [] }, modules),
  );
}
