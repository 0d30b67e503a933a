import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { type ImportRule, importRules } from '../../engines/imports/rules.ts';
import { projectPath } from '../helpers/project.ts';

const page = readFileSync(projectPath('docs/architecture.md'), 'utf8');
const mapped = pathsOf(page.match(/## The tree\n+```\n(.*?)```/s)?.[1] ?? '');

/** The paths of the map. An indented line is a folder within the last one that is indented less. */
function pathsOf(map: string): string[] {
  let parent = '';
  return map
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [, indent = '', path = ''] = /^(\s*)(\S+) {2,}\S/.exec(line) ?? [];
      assert.notEqual(path, '', `every line is a path and a phrase: ${line}`);
      if (indent === '') parent = path;
      return indent === '' ? path : `${parent}${path}`;
    });
}

/** What of a folder is mapped: its folders that hold anything, as paths that end with a slash. */
function foldersOf(path: string): string[] {
  const entries = readdirSync(projectPath(path), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => `${path}${entry.name}/`);
  return folders.filter((folder) => readdirSync(projectPath(folder)).length > 0);
}

/** A rule as a row of the table. */
function rowOf(rule: ImportRule): string {
  const short = (path: string) => path.replace(/^src\//, '').replace(/\/$/, '');
  const files = [
    ...rule.values.map((path) => `${short(path)}${rule.withoutZod ? ' without zod' : ''}`),
    ...rule.types.map((path) => `types of ${short(path)}`),
  ];
  const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ') || 'none';
  const packages =
    rule.packages === 'any'
      ? 'any'
      : 'only' in rule.packages
        ? code(rule.packages.only)
        : `any but ${code(rule.packages.except)}`;
  const title = rule.folderIsRoom ? `${rule.title}, each folder` : rule.title;
  return `| ${title} | ${files.join(', ') || 'nothing'} | ${packages} | ${rule.node ? 'yes' : 'no'} |`;
}

describe('the architecture page', () => {
  it('maps nothing that is not there', () => {
    assert.deepEqual(
      mapped.filter((path) => !existsSync(projectPath(path))),
      [],
    );
  });

  it('maps every file and folder of src, and every protocol and adapter', () => {
    const files = readdirSync(projectPath('src')).filter((name) => name.endsWith('.ts'));
    const expected = [
      ...files.map((name) => `src/${name}`),
      ...['src/', 'src/protocols/', 'src/adapters/'].flatMap(foldersOf),
    ];
    assert.deepEqual(
      expected.filter((path) => !mapped.includes(path)),
      [],
    );
  });

  it('has the import rules that are enforced', () => {
    const table = page.match(/\| from \|.*\n\|[-|]+\n((?:\|.*\n)+)/)?.[1]?.trimEnd();
    assert.equal(table, importRules.map(rowOf).join('\n'));
  });
});
