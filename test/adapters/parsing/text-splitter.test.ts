import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  createTextSplitter,
  type DocumentSplitter,
  defaultTextSplitterLimits,
  type TextSplitterLimits,
} from '../../../src/adapters/parsing/text-splitter.ts';
import { createExpressionCompiler } from '../../../src/adapters/parsing/user-regex.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { splitterOptions } from '../../../src/core/splitter/options.ts';
import type { SplitterSettings } from '../../../src/core/splitter/settings.ts';
import { type Span, splitText } from '../../../src/core/splitter/split.ts';

const mebibyte = 1024 * 1024;
const never = new AbortController().signal;

function buildSettings(changes: Partial<SplitterSettings> = {}): SplitterSettings {
  return {
    chunkSize: 10,
    chunkMinSize: 0,
    chunkOverlap: 3,
    separators: [],
    isSeparatorRegex: false,
    preset: 'markdown',
    disableChunking: false,
    ...changes,
  };
}

/** Opens a splitter for the settings and closes it, whatever becomes of the work. */
async function withSplitter<T>(
  changes: Partial<SplitterSettings>,
  work: (splitter: DocumentSplitter) => Promise<T>,
  limits: Partial<TextSplitterLimits> = {},
): Promise<T> {
  const textSplitter = createTextSplitter({ ...defaultTextSplitterLimits, ...limits });
  const splitter = await textSplitter.open(buildSettings(changes), never);
  try {
    return await work(splitter);
  } finally {
    await splitter.close();
  }
}

const expected = (text: string, changes: Partial<SplitterSettings>): Span[] =>
  splitText(text, splitterOptions(buildSettings(changes), createExpressionCompiler()));

async function refusal(act: () => Promise<unknown>): Promise<GatewayError> {
  try {
    await act();
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown;
    throw thrown;
  }
  return assert.fail('was accepted');
}

/** How often the event loop came round while `work` went on. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 10);
  try {
    await work;
  } finally {
    clearInterval(timer);
  }
  return turns;
}

const matchesEverywhereAfterALongLook = { separators: ['a[^b]*b|a'], isSeparatorRegex: true };
/** One search of it goes through the text in one step, which nothing can interrupt. */
const slowInOneSearch = { separators: ['(?:^|[ab]).{900}$'], isSeparatorRegex: true };
const slowText = 'ab'.repeat(500_000);

describe('a text splitter', () => {
  const cases: Record<string, Partial<SplitterSettings>> = {
    'a preset': {},
    'literal separators': { separators: ['. ', ' ', ''] },
    'regular expressions': { separators: ['\\.\\s', '[ ,]', ''], isSeparatorRegex: true },
    'no chunking': { disableChunking: true, separators: ['ignored('], isSeparatorRegex: true },
  };
  for (const [name, changes] of Object.entries(cases)) {
    it(`with ${name} answers what splitting in place does, text after text`, async () => {
      const texts = fc.array(fc.constantFrom('a', 'bc', '😀', ' ', '. ', ', ', '\n'), { maxLength: 60 });
      await withSplitter(changes, (splitter) =>
        fc.assert(
          fc.asyncProperty(texts, async (parts) => {
            const text = parts.join('');
            assert.deepEqual([...(await splitter.split(text, never))], expected(text, changes));
          }),
          { numRuns: 50 },
        ),
      );
    });
  }

  it('splits a long text with a preset without holding the event loop', async () => {
    const text = 'A sentence of some words.\n\n'.repeat((12 * mebibyte) / 27);
    const sizes = { chunkSize: 1_000, chunkOverlap: 100 };
    await withSplitter(sizes, async (splitter) => {
      const splitting = splitter.split(text, never);
      assert.ok((await turnsDuring(splitting)) > 5);
      assert.equal([...(await splitting)].length, expected(text, sizes).length);
    });
  });

  for (const [problem, changes, param] of [
    ['a malformed expression', { separators: ['ok', 'a(b'], isSeparatorRegex: true }, 'separators[1]'],
    ['a size of zero', { chunkSize: 0 }, 'chunk_size'],
    ['an unknown preset', { preset: 'klingon' }, 'preset_separators'],
    ['too many separators', { separators: Array<string>(51).fill('a') }, 'separators'],
  ] as const) {
    it(`refuses ${problem} when it is opened`, async () => {
      const error = await refusal(() => withSplitter(changes, async () => undefined));
      assert.equal(error.code, 'invalid_request');
      assert.equal(error.param, param);
    });
  }

  it('stops searches that are quadratic together and names the expression', { timeout: 60_000 }, async () => {
    const work = withSplitter(matchesEverywhereAfterALongLook, (splitter) =>
      splitter.split('a'.repeat(1_000_000), never),
    );
    const failed = refusal(() => work);
    assert.ok((await turnsDuring(failed)) > 50);
    const error = await failed;
    assert.equal(error.code, 'invalid_request');
    assert.equal(error.param, 'separators[0]');
    assert.match(error.publicMessage, /takes too long/);
  });

  it('ends a search that nothing else could interrupt', { timeout: 60_000 }, async () => {
    const limits = { baseTimeoutMs: 1_000, timeoutPerMebibyteMs: 100 };
    const work = withSplitter(slowInOneSearch, (splitter) => splitter.split(slowText, never), limits);
    const failed = refusal(() => work);
    assert.ok((await turnsDuring(failed)) > 10);
    const error = await failed;
    assert.equal(error.code, 'invalid_request');
    assert.equal(error.param, 'separators');
    assert.match(error.publicMessage, /takes too long and was stopped/);
  });

  it('ends a search for a literal that is made to be slow', { timeout: 60_000 }, async () => {
    const separators = [`${'a'.repeat(499)}b${'a'.repeat(500)}`];
    // Some seconds of work, on a fast machine too.
    const text = 'a'.repeat(12 * mebibyte);
    const limits = { baseTimeoutMs: 200, timeoutPerMebibyteMs: 1 };
    const work = withSplitter({ separators }, (splitter) => splitter.split(text, never), limits);
    assert.equal((await refusal(() => work)).param, 'separators');
  });

  it('gives more time for more text', { timeout: 60_000 }, async () => {
    const baseTimeoutMs = 1_000;
    const startedAt = performance.now();
    await withSplitter(
      slowInOneSearch,
      async (splitter) => {
        while (performance.now() < startedAt + 2 * baseTimeoutMs) await splitter.split('ab'.repeat(500), never);
      },
      { baseTimeoutMs, timeoutPerMebibyteMs: 60 * mebibyte },
    );
  });

  it('lets the texts of a document share their time', { timeout: 60_000 }, async () => {
    const work = withSplitter(
      slowInOneSearch,
      async (splitter) => {
        for (;;) await splitter.split('ab'.repeat(500), never);
      },
      { baseTimeoutMs: 1_000, timeoutPerMebibyteMs: 0 },
    );
    assert.equal((await refusal(() => work)).param, 'separators');
  });

  it('ends the search when the caller gives up, and rejects with the reason', { timeout: 60_000 }, async () => {
    await withSplitter(slowInOneSearch, async (splitter) => {
      const caller = new AbortController();
      const splitting = splitter.split(slowText, caller.signal);
      const reason = new Error('the caller is gone');
      setImmediate(() => caller.abort(reason));
      await assert.rejects(splitting, reason);
    });
  });

  it('does not begin for a caller who has given up', async () => {
    await withSplitter({}, (splitter) =>
      assert.rejects(splitter.split('a', AbortSignal.abort(new Error('too late'))), /too late/),
    );
  });

  it('leaves no thread behind when it is closed', async () => {
    const before = threads();
    await withSplitter({ separators: ['a'] }, async (splitter) => {
      await splitter.split('bab', never);
      assert.equal(threads(), before + 1);
    });
    assert.equal(threads(), before);
  });

  it('runs as many threads at once as it may; the next begins when one has ended', async () => {
    const before = threads();
    const textSplitter = createTextSplitter({ ...defaultTextSplitterLimits, maxThreads: 1 });
    const settings = buildSettings({ separators: ['a'], isSeparatorRegex: true });
    const opening = [textSplitter.open(settings, never), textSplitter.open(settings, never)] as const;
    const first = await opening[0];
    assert.equal(threads(), before + 1);
    await first.close();
    const second = await opening[1];
    assert.equal([...(await second.split('bab', never))].length, 1);
    await second.close();
    assert.equal(threads(), before);
  });

  it('lets who gives up leave the line, and starts no thread for them', async () => {
    const before = threads();
    const textSplitter = createTextSplitter({ ...defaultTextSplitterLimits, maxThreads: 1 });
    const settings = buildSettings({ separators: ['a'], isSeparatorRegex: true });
    const first = await textSplitter.open(settings, never);
    const leaving = new AbortController();
    const second = assert.rejects(textSplitter.open(settings, leaving.signal), /gave up/);
    leaving.abort(new Error('gave up'));
    await second;
    const third = textSplitter.open(settings, never);
    await first.close();
    await (await third).close();
    assert.equal(threads(), before);
  });

  it('takes a text of the greatest length and none longer', async () => {
    const limits = { maxTextLength: 5 };
    await withSplitter(
      {},
      async (splitter) => {
        assert.equal([...(await splitter.split('abcde', never))].length, 1);
        const error = await refusal(() => splitter.split('abcdef', never));
        assert.equal(error.code, 'document_too_large');
        assert.match(error.publicMessage, /6 characters; at most 5/);
      },
      limits,
    );
  });

  for (const [where, separators] of [
    ['in place', []],
    ['in a thread', ['']],
  ] as const) {
    it(`makes the greatest number of spans ${where} and none more`, async () => {
      const changes = { separators, chunkSize: 1, chunkOverlap: 0 };
      await withSplitter(
        changes,
        async (splitter) => {
          assert.equal([...(await splitter.split('abc', never))].length, 3);
          const error = await refusal(() => splitter.split('abcd', never));
          assert.equal(error.code, 'document_too_large');
          assert.match(error.publicMessage, /more than 3 chunks/);
        },
        { maxSpans: 3 },
      );
    });
  }

  it('refuses what needs more memory than a thread may have', async () => {
    const work = withSplitter({ separators: ['a'] }, (splitter) => splitter.split('bab', never), {
      maxMemoryBytes: 4 * mebibyte,
    });
    const error = await refusal(() => work);
    assert.equal(error.code, 'document_too_large');
    assert.match(error.publicMessage, /memory/);
  });
});

function threads(): number {
  const { workers } = process.report.getReport() as { workers: unknown[] };
  return workers.length;
}
