import type { RouterRepository } from '../adapters/mongo/routers.ts';
import type { ChatPart } from '../core/chat/parts.ts';
import { textsOf } from '../core/chat/texts.ts';
import type { ChatCall, ChatRequest } from '../core/chat.ts';
import { errorTable, toGatewayError } from '../core/errors.ts';
import type { ModelProvider, ModelRouter, ModelType } from '../core/models.ts';
import type { Usage } from '../core/usage.ts';
import type { InferenceVerbs } from '../core/verbs.ts';
import type { Admission } from './admissions.ts';
import { type Generate, generateChoices } from './chat-choices.ts';
import { createRequestMedia, type MediaDependencies, type RequestMedia } from './chat-media.ts';
import type { Meter } from './metering/meter.ts';
import type { ReasoningSeal } from './reasoning-seal.ts';
import { canRelay, relay } from './relay/relay.ts';
import { resolveModel } from './resolve-model.ts';
import type { Serve, Upstream } from './routing/serve.ts';

export interface ChatDependencies extends MediaDependencies {
  routers: Pick<RouterRepository, 'findByName'>;
  serve: Serve;
  meter: Meter;
  reasoningSeal: ReasoningSeal;
  clock: { now(): number };
}

export const chatTypes: readonly ModelType[] = ['text-generation', 'image-text-to-text'];

/** Lets a model speak. The parts of a vendor, under the id of the request and the name the caller used. */
export function createChat(deps: ChatDependencies): InferenceVerbs['chat'] {
  return async function* chat({ request, wire }, call) {
    const router: ModelRouter = await resolveModel(deps, request.model, chatTypes, call.principal);
    const opened = deps.reasoningSeal.openAll(request);
    // What is passed on as it is can neither be opened nor sealed.
    const isSigned = opened.origin !== null || request.reasoning?.includeSignature === true;
    const media = createRequestMedia(deps, request);
    const measurement = deps.meter.begin(router, call, () => textsOf(request));
    let provider: ModelProvider | null = null;
    // Whose signatures the parts bear.
    let origin = '';
    // Whoever stops reading before the end has given the call up.
    let status: number = errorTable.client_closed_request.status;
    let given: Usage | null = null;
    let isRelayed = false;
    const onUsage = (usage: Usage) => {
      given = usage;
    };
    const complete = () => {
      status = 200;
      measurement.firstPart();
      const usage = measurement.usageOr(given);
      const requests = isRelayed ? 1 : request.choices;
      return { usage, bill: measurement.end({ status, provider, usage, requests }) };
    };
    const hear = (part: ChatPart) => {
      if (part.type === 'usage') onUsage(part.usage);
      if (part.type === 'block-delta') measurement.received(part.delta);
    };
    const hooks = {
      onUsage,
      onFrames: measurement.receivedFrames,
      onText: measurement.received,
      onEnd: () => void complete(),
    };
    try {
      const parts = deps.serve.stream<ChatPart>(
        router,
        call,
        (generate, upstream) => {
          const needsMedia = media.isNeededFor(upstream.provider);
          const translate = (ask: Generate) => {
            isRelayed = false;
            origin = upstream.origin;
            const given = { ...upstream, request: opened.requestFor(origin) };
            return needsMedia ? generateFrom(media, ask, given) : generateChoices(ask, given);
          };
          if (wire === null || isSigned || needsMedia || !canRelay(upstream, wire)) return translate(generate);
          isRelayed = true;
          return relay(upstream, wire, request.model, hooks, translate);
        },
        (chosen) => {
          provider = chosen;
          given = null;
          measurement.startOver();
        },
        opened.origin,
        hear,
      );
      for await (const part of parts) {
        if (part.type === 'usage') continue;
        measurement.handedOn();
        if (part.type === 'start') yield { ...part, id: call.requestId, model: request.model };
        else yield deps.reasoningSeal.seal(part, origin);
      }
      const counted = complete();
      if (!isRelayed) yield { type: 'usage', ...counted };
    } catch (error) {
      status = toGatewayError(error).status;
      throw error;
    } finally {
      measurement.end({ status, provider, usage: given });
    }
  };
}

async function* generateFrom(
  media: RequestMedia,
  generate: Generate,
  given: Upstream & { request: ChatRequest },
): AsyncGenerator<ChatPart> {
  const request = await media.fetchInto(given.request, given.provider, given.signal);
  yield* generateChoices(generate, { ...given, request });
}

/** A job is refused at once for what its call would be refused for. */
export function createChatAdmission(deps: Pick<ChatDependencies, 'routers' | 'reasoningSeal'>): Admission<ChatCall> {
  return {
    async admit({ request }, call) {
      await resolveModel(deps, request.model, chatTypes, call.principal);
      deps.reasoningSeal.openAll(request);
      return null;
    },
  };
}
