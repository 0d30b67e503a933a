import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { commands } from '../../src/cli/commands.ts';
import { startCli } from '../helpers/cli.ts';
import { jsonAnswer, startFakeUpstream } from '../helpers/fake-upstream.ts';
import { projectPath } from '../helpers/project.ts';

const withKey = { SWITCHYARD_API_KEY: 'sk_test' };

describe('switchyard', () => {
  it('names every command in its help', async () => {
    const { code, stdout } = await startCli(['--help']).ended;
    assert.equal(code, 0);
    for (const { words } of commands) assert.ok(stdout.includes(`switchyard ${words}`), words);
  });

  for (const { words, options } of commands) {
    it(`describes every option of ${words}`, async () => {
      const { code, stdout } = await startCli([...words.split(' '), '--help']).ended;
      assert.equal(code, 0);
      for (const name of Object.keys(options)) assert.ok(stdout.includes(`--${name}`), name);
    });
  }

  const faults: [what: string, args: string[], environment: Record<string, string>, code: number, says: RegExp][] = [
    ['no command', [], {}, 2, /Which command\?/],
    ['an unknown command', ['jobs', 'fly'], {}, 2, /no command 'jobs fly'/],
    ['an unknown option', ['jobs', 'list', '--colour'], withKey, 2, /--colour/],
    ['a missing id', ['jobs', 'watch'], withKey, 2, /wants <job>/],
    ['no key', ['jobs', 'list'], {}, 2, /SWITCHYARD_API_KEY/],
    ['an address that is none', ['jobs', 'list', '--url', 'here'], withKey, 2, /'here' is no address/],
    ['a body that is no JSON', ['jobs', 'submit', '/v1/rerank', '--body', '{'], withKey, 2, /--body is no JSON/],
    ['a file that is not there', ['jobs', 'submit', '/v1/rerank', '--body', '@/no/file'], withKey, 2, /cannot be read/],
    ['a pair without a value', ['jobs', 'list', '--metadata', 'team'], withKey, 2, /KEY=VALUE/],
    ['a server that is not there', ['jobs', 'list', '--url', 'http://127.0.0.1:1'], withKey, 4, /cannot be reached/],
  ];
  for (const [what, args, environment, expected, says] of faults) {
    it(`ends with ${expected} for ${what}, and says so on standard error`, async () => {
      const { code, stdout, stderr } = await startCli(args, environment).ended;
      assert.equal(code, expected);
      assert.match(stderr, says);
      assert.equal(stdout, '');
    });
  }

  it('is started by its bin on whatever Node there is', () => {
    const bin = projectPath('engines/switchyard.mjs');
    const { status, stdout } = spawnSync(process.execPath, [bin, 'jobs', 'get', '--help'], { encoding: 'utf8' });
    assert.equal(status, 0);
    assert.match(stdout, /^switchyard jobs get <job>/);
  });

  it('passes filters on as the API names them', async (t) => {
    const server = await startFakeUpstream(jsonAnswer({ data: [], last_id: null, has_more: false }));
    t.after(() => server.close());
    const filters = ['--status', 'queued', '--status', 'failed', '--metadata', 'team=a=b', '--created-after', '5'];
    const { code, stderr } = await startCli(['jobs', 'list', '--url', server.url, ...filters], withKey).ended;
    assert.equal(code, 0, stderr);
    const query = new URL(server.ledger[0]?.path ?? '', server.url).searchParams;
    assert.deepEqual(
      [query.getAll('status'), query.get('metadata[team]'), query.get('created_after')],
      [['queued', 'failed'], 'a=b', '5'],
    );
  });

  const pages: [paging: string, args: string[], hint: string][] = [
    ['from the beginning', [], '--after job_9'],
    ['behind a job', ['--after', 'job_0'], '--after job_9'],
    ['before a job', ['--before', 'job_10'], '--before job_1'],
  ];
  for (const [paging, args, hint] of pages) {
    it(`says how to go on where it lists ${paging}`, async (t) => {
      const server = await startFakeUpstream(
        jsonAnswer({ data: [], first_id: 'job_1', last_id: 'job_9', has_more: true }),
      );
      t.after(() => server.close());
      const { stderr } = await startCli(['jobs', 'list', '--url', server.url, ...args], withKey).ended;
      assert.equal(stderr, `There are more: ${hint}\n`);
    });
  }

  it('sends a call with its labels, model, key and webhook, the body from standard input', async (t) => {
    const server = await startFakeUpstream(jsonAnswer({ id: 'job_1' }, 202));
    t.after(() => server.close());
    const args = ['--model', 'm', '--metadata', 'team=a', '--idempotency-key', 'k', '--webhook', 'https://x.example/'];
    const submit = ['jobs', 'submit', '/v1/embeddings', '--url', server.url, '--body', '@-', ...args];
    const { stdout, stderr } = await startCli(submit, withKey, '{"input": "a"}').ended;
    assert.equal(stdout, 'job_1\n', stderr);
    const [asked] = server.ledger;
    assert.equal(asked?.headers['idempotency-key'], 'k');
    assert.deepEqual(asked?.json, {
      endpoint: '/v1/embeddings',
      body: { input: 'a', model: 'm' },
      metadata: { team: 'a' },
      webhook: { url: 'https://x.example/' },
    });
  });
});
