import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { audienceOf, isNews } from '../../../src/core/webhooks/audience.ts';
import { tellsOfEnd, webhookEventTypes } from '../../../src/core/webhooks/filter.ts';
import { buildWebhookEndpoint } from '../../helpers/webhooks.ts';

const ended = { type: 'job.completed' };
const progress = { type: 'job.progress' };
const jobWebhook = { url: 'https://example.com/job', events: ['job.completed'], payload: 'thin' as const };

describe('the audience of an event', () => {
  it('is nobody where nobody asked', () => {
    assert.deepEqual(audienceOf(ended, [], null), { isKept: false, receivers: [] });
  });

  it('is every enabled endpoint whose filter takes it, and the URL of the job', () => {
    const taker = buildWebhookEndpoint();
    const other = buildWebhookEndpoint({ events: ['job.failed'] });
    const { isKept, receivers } = audienceOf(ended, [taker, other], jobWebhook);
    assert.ok(isKept);
    assert.deepEqual(
      receivers.map(({ endpointId }) => endpointId),
      [taker.id, null],
    );
  });

  it('is not the URL of a job that is to be told of something else', () => {
    assert.deepEqual(audienceOf({ type: 'job.failed' }, [], jobWebhook).receivers, []);
  });

  it('may be nobody yet: an endpoint that is disabled can ask for it later', () => {
    const disabled = buildWebhookEndpoint({ status: 'disabled' });
    assert.deepEqual(audienceOf(ended, [disabled], null), { isKept: true, receivers: [] });
  });

  it('is kept for nobody where it is soon out of date', () => {
    const disabled = buildWebhookEndpoint({ status: 'disabled', events: ['job.progress'] });
    assert.deepEqual(audienceOf(progress, [disabled], null), { isKept: false, receivers: [] });
  });
});

describe('a line of a job', () => {
  it('is news only where there is an event for it', () => {
    assert.ok(isNews('job.started'));
    for (const type of ['job.output', 'job.attempt_failed', 'job.cancelling']) assert.ok(!isNews(type), type);
  });

  it('tells of an end where something is over', () => {
    const beginnings = ['job.queued', 'job.started', 'job.progress', 'endpoint.disabled', 'endpoint.test'];
    assert.deepEqual(
      webhookEventTypes.filter((type) => !tellsOfEnd(type)),
      beginnings,
    );
  });
});
