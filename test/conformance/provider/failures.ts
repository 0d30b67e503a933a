import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ErrorCode, GatewayError } from '../../../src/core/errors.ts';
import type { VendorName } from '../../../src/core/models.ts';
import { partsOf } from '../../helpers/chat-parts.ts';
import { buildChatRequest } from '../../helpers/chat-request.ts';
import { type Answer, type Piece, refusingUrl, type Script } from '../../helpers/fake-upstream.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { given, patience, secretKey, useVendor } from './setup.ts';
import type { ChatWire } from './wire.ts';

/** Status of the vendor -> our code. */
const codes: Record<number, ErrorCode> = {
  400: 'upstream_rejected',
  401: 'upstream_auth_error',
  403: 'upstream_auth_error',
  404: 'upstream_error',
  422: 'upstream_rejected',
  429: 'rate_limit_exceeded',
  500: 'upstream_error',
  502: 'upstream_error',
  503: 'overloaded',
  504: 'upstream_timeout',
  529: 'overloaded',
};

/** What every vendor that converses does when it cannot. */
export function failures(name: VendorName, wire: ChatWire): void {
  describe(`failures of the vendor ${name}`, () => {
    const { vendor, upstream, targetOf } = useVendor(name);

    function generate(signal = patience(), url: string | null = null) {
      assert.ok(vendor.generate);
      const target = targetOf(wire.modelName);
      return vendor.generate({
        target: url === null ? target : { ...target, url },
        signal,
        request: buildChatRequest(),
      });
    }

    async function failureOf(script: Script): Promise<GatewayError> {
      upstream().next(script);
      return errorOf(partsOf(generate()));
    }

    for (const [status, code] of Object.entries(codes)) {
      it(`with status ${status} are ${code}`, async () => {
        assert.equal((await failureOf(wire.failure(Number(status), 'No.'))).code, code);
      });
    }

    it('say how long to leave the vendor alone', async () => {
      const answer = wire.failure(429, 'Slow down.');
      const error = await failureOf({ ...answer, headers: { ...answer.headers, 'retry-after': '7' } });
      assert.equal(error.retryAfterMs, 7_000);
    });

    it('of a request are told in the vendor’s own words, without the key', async () => {
      const error = await failureOf(wire.failure(400, `temperature must be below 2 (${secretKey})`));
      assert.match(error.publicMessage, /temperature must be below 2/);
      assert.ok(!error.publicMessage.includes(secretKey));
    });

    it('of a conversation that is too long are recognised', async () => {
      const message = "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens.";
      assert.equal((await failureOf(wire.failure(400, message))).code, 'context_length_exceeded');
    });

    it('of the vendor itself are told in our words', async () => {
      for (const status of [401, 404, 500, 503]) {
        const error = await failureOf(wire.failure(status, 'node 12 in cluster eu-west is burning'));
        assert.ok(!error.publicMessage.includes('node 12'));
      }
    });

    it('keep their meaning where their explanation is cut off', async () => {
      const answer = wire.failure(429, 'Slow down.');
      assert.equal((await failureOf({ ...answer, body: ['{"err'], ending: 'cut' })).code, 'rate_limit_exceeded');
    });

    given(wire.failureEvent !== null)('in the middle of an answer are failures', async () => {
      const { body = [], ...head } = wire.answer({ text: ['Half', 'more'] });
      const error = await failureOf({ ...head, body: [...body.slice(0, 2), wire.failureEvent ?? ''] });
      assert.ok(['upstream_error', 'overloaded'].includes(error.code), error.code);
    });

    it('that look like a page of a proxy are upstream_error', async () => {
      const page: Answer = { headers: { 'content-type': 'text/html' }, body: ['<html>Welcome</html>'] };
      assert.equal((await failureOf(page)).code, 'upstream_error');
    });

    it('that are no JSON are upstream_error', async () => {
      const { headers = {} } = wire.answer({ text: ['.'] });
      const garbage: Answer = { headers, body: ['data: {"choices": [}\n\n', '{"oops\n\n'] };
      assert.equal((await failureOf(garbage)).code, 'upstream_error');
    });

    it('that are JSON of another kind are upstream_error', async () => {
      const { headers = {} } = wire.answer({ text: ['.'] });
      for (const value of ['5', '[]', '{"choices":"x"}', '{}']) {
        const body = /event-stream/.test(headers['content-type'] ?? '') ? `data: ${value}\n\n` : `${value}\n`;
        assert.equal((await failureOf({ headers, body: [body] })).code, 'upstream_error');
      }
    });

    it('are upstream_error where nobody listens', async () => {
      assert.equal((await errorOf(partsOf(generate(patience(), await refusingUrl())))).code, 'upstream_error');
    });
  });

  describe(`a silence of the vendor ${name}`, () => {
    const beginsLate = useVendor(name, { firstByteTimeoutMs: 400 });
    const stalls = useVendor(name, { idleTimeoutMs: 400 });

    async function failureOf({ vendor, upstream, targetOf }: typeof stalls, script: Script): Promise<GatewayError> {
      assert.ok(vendor.generate);
      upstream().next(script);
      const call = { target: targetOf(wire.modelName), signal: patience(), request: buildChatRequest() };
      return errorOf(partsOf(vendor.generate(call)));
    }

    it('is upstream_timeout where no answer begins', async () => {
      assert.equal((await failureOf(beginsLate, 'silence')).code, 'upstream_timeout');
    });

    it('is upstream_timeout where an answer does not go on', async () => {
      const { body = [], ...head } = wire.answer({ text: ['Half', 'more'] });
      const half: Answer = { ...head, body: body.slice(0, 2), ending: 'hang' };
      assert.equal((await failureOf(stalls, half)).code, 'upstream_timeout');
    });
  });

  describe(`an answer of the vendor ${name} that nobody wants any more`, () => {
    const { vendor, upstream, targetOf } = useVendor(name);
    const request = buildChatRequest();

    function open(signal: AbortSignal) {
      assert.ok(vendor.generate);
      return vendor.generate({ target: targetOf(wire.modelName), signal, request });
    }

    function endless(): Answer {
      const { body = [], ...head } = wire.answer({ text: ['first', 'second'] });
      const said = body.findIndex((piece: Piece) => typeof piece === 'string' && piece.includes('first'));
      return { ...head, body: body.slice(0, said + 1), ending: 'hang' };
    }

    async function assertClosed(): Promise<void> {
      await waitFor('the socket to be closed', () => upstream().ledger[0]?.abandonedAt !== null);
    }

    it('has its socket closed when the caller leaves', async () => {
      upstream().next(endless());
      const leaving = new AbortController();
      const error = await errorOf(
        (async () => {
          for await (const part of open(leaving.signal)) {
            if (part.type !== 'block-delta') continue;
            leaving.abort();
          }
        })(),
      );
      assert.equal(error.code, 'client_closed_request');
      await assertClosed();
    });

    it('has its socket closed when it had not begun', async () => {
      upstream().next('silence');
      const leaving = new AbortController();
      const asking = errorOf(partsOf(open(leaving.signal)));
      await waitFor('the request', () => upstream().ledger.length === 1);
      leaving.abort();
      assert.equal((await asking).code, 'client_closed_request');
      await assertClosed();
    });

    it('has its socket closed when its reader stops', async () => {
      upstream().next(endless());
      for await (const part of open(patience())) if (part.type === 'block-delta') break;
      await assertClosed();
    });

    it('is not asked for on behalf of somebody who is gone', async () => {
      assert.equal((await errorOf(partsOf(open(AbortSignal.abort())))).code, 'client_closed_request');
      assert.deepEqual(upstream().ledger, []);
    });

    it('is upstream_timeout when its time is over', async () => {
      upstream().next('silence');
      assert.equal((await errorOf(partsOf(open(AbortSignal.timeout(50))))).code, 'upstream_timeout');
    });
  });
}

async function errorOf(work: Promise<unknown>): Promise<GatewayError> {
  const error = await work.then(
    () => assert.fail('it succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof GatewayError, `${error}`);
  return error;
}
