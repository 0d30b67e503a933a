import { type ModelType, modelTypes } from '../../core/models.ts';

/** The first that fits; null for what has no type here. */
const byName: readonly (readonly [RegExp, ModelType | null])[] = [
  [/rerank/i, 'text-classification'],
  [/embed|(?:^|\/)(?:bge|e5|gte|all-minilm)-/i, 'text-embeddings-inference'],
  [/whisper|transcribe/i, 'automatic-speech-recognition'],
  [/moderation|realtime|audio|tts|voxtral|dall-e|image|sora|veo|imagen|aqa$|live/i, null],
  [/-ocr/i, 'image-to-text'],
  [/^(?:gpt-3\.5-turbo-instruct|davinci|babbage|computer-use)/, null],
  [/^(?:gpt-3\.5|gpt-4$|gpt-4-0|o1-mini|o3-mini)/, 'text-generation'],
  [/^(?:ft:)?(?:gpt-|chatgpt-|o\d)|vision|-vl|pixtral|llava|gemini/i, 'image-text-to-text'],
];

/** What a model is for, of which its vendor says no more than the name. Null where it is for nothing we know. */
export function typeByName(name: string): ModelType | null {
  const found = byName.find(([pattern]) => pattern.test(name));
  return found ? found[1] : 'text-generation';
}

export function isModelType(word: unknown): word is ModelType {
  return modelTypes.some((type) => type === word);
}
