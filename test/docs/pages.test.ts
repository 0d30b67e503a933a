import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { projectPath } from '../helpers/project.ts';

const pages = globSync(['*.md', 'docs/**/*.md', 'examples/*.md', 'examples/make/*.md', 'bench/*.md'], {
  cwd: projectPath('.'),
});
const { scripts } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** The headings of a page as the anchors that links name. */
function anchorsOf(markdown: string): string[] {
  const headings = [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

it('the pages are found', () => {
  assert.ok(pages.includes('README.md') && pages.includes('docs/architecture.md'));
});

for (const page of pages) {
  describe(page, () => {
    const markdown = readFileSync(projectPath(page), 'utf8');

    it('links to files and headings that exist', () => {
      const links = [...markdown.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
      const broken = links.filter((link) => {
        if (/^[a-z]+:/.test(link)) return false;
        const [path = '', anchor] = link.split('#');
        const file = path === '' ? page : join(dirname(page), path);
        if (!existsSync(projectPath(file))) return true;
        return anchor !== undefined && !anchorsOf(readFileSync(projectPath(file), 'utf8')).includes(anchor);
      });
      assert.deepEqual(broken, []);
    });

    it('names npm scripts that exist', () => {
      const named = [...markdown.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map(([, run, own]) => run ?? own);
      assert.deepEqual(
        named.filter((name) => name !== undefined && !Object.hasOwn(scripts, name)),
        [],
      );
    });
  });
}
