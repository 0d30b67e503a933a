import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AnswerWriter } from '../../../../src/adapters/providers/translation/answer-writer.ts';
import { collect } from '../../../../src/core/chat/answer.ts';
import { usageOf } from '../../../../src/core/usage.ts';

const head = { id: '', model: '', createdAt: 0 };

function writerOf(...customTools: string[]): AnswerWriter {
  return new AnswerWriter(new Set(customTools));
}

describe('the writer of an answer', () => {
  it('goes on with a block of the same kind, and begins another for another kind', () => {
    const writer = writerOf();
    const { choices } = collect([
      ...writer.start(head),
      ...writer.write({ kind: 'reasoning', isSummary: false, redacted: false }, 'Hm'),
      ...writer.write({ kind: 'text' }, 'Hel'),
      ...writer.write({ kind: 'text' }, 'lo'),
      ...writer.end('stop', null, usageOf({})),
    ]);
    assert.deepEqual(
      choices[0]?.blocks.map(({ block, text }) => [block.kind, text]),
      [
        ['reasoning', 'Hm'],
        ['text', 'Hello'],
      ],
    );
  });

  it('writes nothing for no text', () => {
    assert.deepEqual(writerOf().write({ kind: 'text' }, ''), []);
  });

  it('gives a call without arguments an empty object', () => {
    const writer = writerOf();
    const parts = writer.call('c1', 'clock', '', null);
    assert.deepEqual(
      parts.flatMap((part) => (part.type === 'block-delta' ? part.delta : [])),
      ['{}'],
    );
    assert.equal(writer.called, true);
  });

  const inputs = {
    '{"input":"*** Begin"}': '*** Begin',
    '{"input":""}': '',
    '{"text":"x"}': '{"text":"x"}',
    '*** Begin': '*** Begin',
  };
  for (const [json, text] of Object.entries(inputs)) {
    it(`writes the call of a custom tool with ${json} as the text ${JSON.stringify(text)}`, () => {
      const parts = writerOf('patch').call('c1', 'patch', json, null);
      assert.equal(parts.flatMap((part) => (part.type === 'block-delta' ? part.delta : [])).join(''), text);
      const [begun] = parts;
      assert.ok(begun?.type === 'block-start' && begun.block.kind === 'tool_call');
      assert.equal(begun.block.toolKind, 'custom');
    });
  }

  it('keeps the signature of a call with it', () => {
    const end = writerOf().call('c1', 'clock', '{}', 'signed').at(-1);
    assert.ok(end?.type === 'block-end');
    assert.equal(end.signature, 'signed');
  });
});
