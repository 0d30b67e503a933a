import { after, before, beforeEach } from 'node:test';
import type { VendorName } from '../../src/core/models.ts';
import type { Heard } from '../conformance/provider/wire.ts';
import { startTestApp, type TestApp } from '../helpers/app.ts';
import { type FakeUpstream, type Respond, startFakeUpstream } from '../helpers/fake-upstream.ts';
import { offerModel } from '../helpers/offered-model.ts';
import { speaksOpenAi } from '../helpers/wire/openai.ts';
import type { Said } from '../helpers/wire/said.ts';
import { upstreams } from './clients.ts';

/** In the suite that calls this: the running product with a model by the name of each vendor, and a key to use them. */
export function useUpstreams(options: { workers?: boolean } = {}) {
  let app: TestApp;
  let upstream: FakeUpstream;
  let key: string;
  before(async () => {
    upstream = await startFakeUpstream();
    app = await startTestApp(options);
    for (const { vendor, wire } of upstreams()) {
      const url = wire.target?.(upstream.url).url ?? upstream.url;
      await offerModel(app, { name: vendor, vendor, modelName: wire.modelName, url });
    }
    ({ key } = await app.signUp());
  });
  after(async () => {
    await app.stop();
    await upstream.close();
  });
  beforeEach(() => upstream.reset());

  return {
    client: () => ({ baseURL: `${app.url}/v1`, apiKey: key }),
    /** What the vendor answers from here on. */
    say: (vendor: VendorName, said: Said) => upstream.respond(answersOf(vendor, said)),
    /** The same, cut in its middle. */
    sayHalf(vendor: VendorName, said: Said): void {
      const answer = wireOf(vendor).answer(said);
      const pieces = answer.body ?? [];
      upstream.respond({ ...answer, body: pieces.slice(0, Math.ceil(pieces.length / 2)), ending: 'cut' });
    },
    /** What the vendor was asked last. */
    heard(vendor: VendorName): Heard {
      const asked = upstream.ledger.at(-1);
      if (!asked) throw new Error(`${vendor} was asked nothing`);
      return wireOf(vendor).heard(asked);
    },
  };
}

function wireOf(vendor: VendorName) {
  const found = upstreams().find((each) => each.vendor === vendor);
  if (!found) throw new Error(`no upstream speaks as ${vendor}`);
  return found.wire;
}

/** What is relayed asks for a stream only where the caller does. */
function answersOf(vendor: VendorName, said: Said): Respond {
  if (vendor === 'openai' || vendor === 'vllm') return speaksOpenAi(said);
  return () => wireOf(vendor).answer(said);
}
