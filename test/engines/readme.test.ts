import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { loadConfig } from '../../src/config.ts';
import { startTestApp, type TestApp } from '../helpers/app.ts';
import { projectPath } from '../helpers/project.ts';

const run = promisify(execFile);
/** Three pages of a scan are read, on whatever machine this is. */
const timeoutMs = 300_000;
const readme = readFileSync(projectPath('README.md'), 'utf8');

/** The code in `language` of one chapter, as a reader would copy it, with the address of the running product. */
function codeOf(chapter: string, language: string, url: string): string {
  const text = readme.split(`## ${chapter}\n`)[1]?.split('\n## ')[0] ?? '';
  const blocks = [...text.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, code = '']) => code);
  assert.ok(blocks.length > 0, `there is no ${language} under "${chapter}"`);
  return blocks.join('').replaceAll('http://127.0.0.1:8080', url);
}

describe('what the README says to type', () => {
  let app: TestApp;

  before(async () => {
    app = await startTestApp({ workers: true });
  });
  after(() => app.stop());

  function environment(secrets: Record<string, string>) {
    const PATH = [dirname(process.execPath), process.env['PATH']].join(delimiter);
    return { cwd: projectPath('.'), env: { PATH, ...secrets } };
  }

  const options = { timeout: timeoutMs };
  it('asks a model at once, with the master key of the first start', options, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'readme-'));
    await mkdir(join(folder, '.data'));
    await writeFile(join(folder, '.data', 'master-key'), app.masterKey);
    const script = codeOf('A first call', 'sh', app.url);
    const { stdout } = await run('bash', ['-euc', script], { ...environment({}), cwd: folder });
    await rm(folder, { recursive: true });
    const { data } = JSON.parse(stdout) as { data: { embedding: number[] }[] };
    assert.equal(data[0]?.embedding.length, 384);
  });

  it('finds the words of a scan by all three methods', options, async () => {
    const script = codeOf('First steps', 'sh', app.url);
    const { stdout } = await run('bash', ['-euc', script], environment({ MASTER_KEY: app.masterKey }));
    assert.match(stdout, /^event: job\.completed$/m);
    const found = [...stdout.matchAll(/"method":"(\w+)".*?"content":"(.*?[^\\])"/g)];
    assert.deepEqual(
      found.map(([, method, content]) => [method, content?.includes('Jackdaws in put-log hole of pier 6')]),
      [
        ['lexical', true],
        ['semantic', true],
        ['hybrid', true],
      ],
    );
    assert.equal([...stdout.matchAll(/"key":"sk_live_/g)].length, 2);
  });

  it('puts two vendors behind one model', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'readme-')), 'switchyard.yaml');
    await writeFile(file, codeOf('Put vendors behind it', 'yaml', app.url));
    const { routers, vendors } = loadConfig({ SWITCHYARD_CONFIG: file, OPENAI_API_KEY: 'a', ANTHROPIC_API_KEY: 'b' });
    await rm(dirname(file), { recursive: true });
    assert.deepEqual(
      routers.map(({ name, providers }) => [name, providers.map(({ vendor, url, key }) => [vendor, url, key])]),
      [
        [
          'assistant',
          [
            ['openai', 'https://api.openai.com/', 'a'],
            ['anthropic', 'https://api.anthropic.com/', 'b'],
          ],
        ],
      ],
    );
    assert.deepEqual(vendors, []);
  });

  it('works with the OpenAI library', async () => {
    const script = codeOf('With the `openai` library', 'js', app.url);
    const { key } = await app.signUp();
    const { stdout } = await run(
      process.execPath,
      ['--input-type=module', '--eval', script],
      environment({ KEY: key }),
    );
    assert.equal(stdout, '2 384\ncompleted 1\n');
  });
});
