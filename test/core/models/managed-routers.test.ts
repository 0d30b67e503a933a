import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { changesBetween, fromList, type ListedModel, withOwnNames } from '../../../src/core/models/managed-routers.ts';
import { buildRouter } from '../../helpers/models.ts';

const model = (name: string): ListedModel => ({ name, type: 'text-generation', maxContextLength: null });
const openai = { vendor: 'openai', url: 'https://api.openai.com/', key: 'k', source: 'OPENAI_API_KEY' } as const;
const azure = { vendor: 'azure', url: 'https://mine.example/', key: 'k', source: 'AZURE_OPENAI_API_KEY' } as const;
const lists = (names: readonly string[]) => [openai, azure].flatMap((vendor) => fromList(vendor, names.map(model)));

describe('names of managed routers', () => {
  it('belong to nobody else, whatever is listed and taken', () => {
    const name = fc.constantFrom('a', 'b', 'openai/a', 'azure/a', 'openai/b', 'c');
    fc.assert(
      fc.property(fc.uniqueArray(name), fc.array(name), (listed, taken) => {
        const { routers, nameless } = withOwnNames(lists(listed), taken);
        const all = [...new Set(taken), ...routers.flatMap((router) => [router.name, ...router.aliases])];
        assert.equal(new Set(all).size, all.length);
        assert.equal(routers.length + nameless.length, 2 * listed.length);
      }),
    );
  });

  it('go to the vendor that comes first', () => {
    const { routers } = withOwnNames(lists(['gpt-4o']), []);
    assert.deepEqual(
      routers.map(({ name, aliases, managedBy }) => [name, aliases, managedBy]),
      [
        ['gpt-4o', ['openai/gpt-4o'], 'OPENAI_API_KEY'],
        ['azure/gpt-4o', [], 'AZURE_OPENAI_API_KEY'],
      ],
    );
  });
});

describe('models of a list', () => {
  const namesOf = (...models: ListedModel[]) => fromList(openai, models).map(({ name }) => name);

  it('are those that the vendor can serve here', () => {
    assert.deepEqual(namesOf(model('gpt-4o'), { ...model('ranker'), type: 'text-classification' }), ['gpt-4o']);
  });

  it('are those that an endpoint asks for', () => {
    assert.deepEqual(namesOf(model('gpt-4o'), { ...model('whisper-1'), type: 'automatic-speech-recognition' }), [
      'gpt-4o',
    ]);
  });
});

describe('what has to happen to managed routers', () => {
  const managed = (id: number, name: string, managedBy: string | null) => buildRouter({ id, name, managedBy });
  const existing = [
    managed(1, 'local', 'the installation'),
    managed(2, 'mine', null),
    managed(3, 'gpt-4o', 'OPENAI_API_KEY'),
    managed(4, 'old', 'OPENAI_API_KEY'),
    managed(5, 'llama', 'VLLM_URL'),
  ];
  const wanted = fromList(openai, [model('gpt-4o'), model('new')]);

  it('follows what is wanted, by name', () => {
    const { create, keep, remove } = changesBetween(existing, wanted, new Set());
    assert.deepEqual(
      [create.map(({ name }) => name), keep.map(({ router }) => router.id), remove.map(({ id }) => id)],
      [['new'], [3], [4, 5]],
    );
  });

  it('spares what comes from a source that could not be asked', () => {
    const { remove } = changesBetween(existing, wanted, new Set(['VLLM_URL']));
    assert.deepEqual(
      remove.map(({ id }) => id),
      [4],
    );
  });
});
