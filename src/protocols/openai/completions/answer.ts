import { z } from 'zod';
import type { ChatAnswer, ChatChoice } from '../../../core/chat/answer.ts';
import type { Block, FinishReason, StartPart } from '../../../core/chat/parts.ts';
import { chatUsage, presentChatUsage } from '../chat/usage.ts';
import { completionLogprobs, presentLogprobs } from './logprobs.ts';

const finishReasons = ['stop', 'length', 'content_filter'] as const;

export const completionAnswer = z
  .object({
    id: z.string(),
    object: z.literal('text_completion'),
    created: z.int(),
    model: z.string().describe('The name the request used.'),
    choices: z.array(
      z.object({
        text: z.string(),
        index: z.int(),
        logprobs: completionLogprobs,
        finish_reason: z.enum(finishReasons),
      }),
    ),
    usage: chatUsage,
    system_fingerprint: z.string().nullable(),
  })
  .meta({ id: 'Completion' });

/** `echo` stands before every answer. */
export function presentCompletion(answer: ChatAnswer, echo: string): z.input<typeof completionAnswer> {
  return {
    ...presentStart(answer.start),
    choices: answer.choices.map((choice) => presentChoice(choice, echo)),
    usage: presentChatUsage(answer.usage, null),
  };
}

/** What an answer and every frame of its stream begin with. */
export function presentStart({ id, createdAt, model, systemFingerprint }: StartPart) {
  return {
    id: `cmpl-${id}`,
    object: 'text_completion' as const,
    created: Math.floor(createdAt / 1000),
    model,
    system_fingerprint: systemFingerprint,
  };
}

/** Tools were none to call. */
export function presentFinish(reason: FinishReason): (typeof finishReasons)[number] {
  return reason === 'tool_calls' ? 'stop' : reason;
}

/** What is said, in whatever tone; thoughts are not part of it. */
export function isSaid({ kind }: Block): boolean {
  return kind === 'text' || kind === 'refusal';
}

function presentChoice({ index, blocks, finishReason }: ChatChoice, echo: string) {
  const said = blocks.filter(({ block }) => isSaid(block));
  const tokens = said.flatMap(({ logprobs }) => logprobs ?? []);
  return {
    text: echo + said.map(({ text }) => text).join(''),
    index,
    logprobs: presentLogprobs(tokens.length === 0 ? null : tokens, 0),
    finish_reason: presentFinish(finishReason),
  };
}
