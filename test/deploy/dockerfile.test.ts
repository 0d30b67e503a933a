import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config.ts';
import { readCompose } from '../helpers/compose.ts';
import { projectPath } from '../helpers/project.ts';

const dockerfile = readFileSync(projectPath('Dockerfile'), 'utf8');
const instructions = dockerfile
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '');

/** What follows `name` in each of its instructions, as words. */
function wordsOf(name: string): string[][] {
  return instructions.filter((line) => line.startsWith(`${name} `)).map((line) => line.split(/\s+/).slice(1));
}

const lastStage = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM ')));

describe('the Dockerfile', () => {
  it('copies only what exists and is sent to the builder', () => {
    const sent = readFileSync(projectPath('.dockerignore'), 'utf8').split('\n');
    assert.ok(sent.includes('*'), 'nothing is sent unless it is named');
    const sources = wordsOf('COPY')
      .filter(([first = '']) => !first.startsWith('--from='))
      .flatMap((words) => words.slice(0, -1));
    assert.ok(sources.length > 0);
    for (const source of sources) {
      assert.ok(existsSync(projectPath(source)), `${source} does not exist`);
      assert.ok(sent.includes(`!${source}`), `${source} is not sent`);
    }
  });

  it('copies from stages that exist', () => {
    const stages = wordsOf('FROM').map((words) => words[2]);
    const copied = wordsOf('COPY').flatMap(([first = '']) => /^--from=(.+)$/.exec(first)?.[1] ?? []);
    assert.ok(copied.length > 0);
    for (const stage of copied) assert.ok(stages.includes(stage), stage);
  });

  it('runs the Node that is developed with', () => {
    const { devDependencies } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as {
      devDependencies: { node: string };
    };
    const [major] = devDependencies.node.split('.');
    const images = wordsOf('FROM').flatMap(([image = '']) => (image === 'packages' ? [] : image));
    assert.deepEqual([...new Set(images)], [`node:${major}-bookworm-slim`]);
  });

  it('installs what the product needs and neither tools nor scripts of packages', () => {
    assert.match(dockerfile, /npm ci --omit=dev --ignore-scripts/);
  });

  it('leaves a user without rights and the API as what is run', () => {
    assert.ok(lastStage.includes('USER node'));
    const command = lastStage.find((line) => line.startsWith('CMD '))?.slice('CMD '.length) ?? '[]';
    assert.deepEqual(JSON.parse(command), readCompose().services['api']?.command);
  });

  it('sets variables that the configuration knows, to what docker-compose.yml counts on', () => {
    const [words = []] = wordsOf('ENV');
    const { NODE_COMPILE_CACHE: compiled, ...set } = Object.fromEntries(words.map((word) => word.split('=')));
    const { dataDir, http, models } = loadConfig({ SWITCHYARD_CONFIG: '', ...set });
    assert.deepEqual(Object.keys(set).sort(), ['DATA_DIR', 'HOST', 'MODELS_DIR']);
    assert.ok(compiled?.startsWith(`${dataDir}/`), 'Node may write what it compiles');
    assert.deepEqual([dataDir, http.host, models.dir], ['/data', '0.0.0.0', '/app/models']);
  });

  it('takes the files that the worker hashes to know whether its compiled workflows are current', () => {
    assert.ok(lastStage.some((line) => /^COPY .*package-lock\.json/.test(line)));
  });
});
