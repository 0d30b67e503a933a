import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { projectPath } from '../helpers/project.ts';
import { temporaryDirectories } from '../helpers/temporary-directory.ts';

const makeDirectory = temporaryDirectories('worker-main');

it('a worker reads the settings of the file that it shares with the API, and not its models', () => {
  const file = join(makeDirectory(), 'switchyard.yaml');
  // The level is wrong, so that the process ends by itself with whatever it has to say about the file.
  writeFileSync(file, `logLevel: whisper\nvendors: [{type: openai, key: '\${OPENAI_API_KEY}'}]`);
  const { stderr, status } = spawnSync(process.execPath, [projectPath('src/workers/main.ts')], {
    env: { SWITCHYARD_CONFIG: file },
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  assert.match(stderr, /logLevel/);
  assert.doesNotMatch(stderr, /OPENAI_API_KEY/);
});
