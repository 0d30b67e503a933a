const spokenFields = new Set(['arguments', 'content', 'input', 'reasoning', 'reasoning_content', 'refusal', 'text']);

/** What a model has said in an answer of any of OpenAI's forms; all of it where it is no JSON. */
export function answerTexts(json: string): Iterable<string> {
  try {
    return textsIn(JSON.parse(json));
  } catch {
    return [json];
  }
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [field, inner] of Object.entries(value)) {
    if (typeof inner !== 'string') yield* textsIn(inner);
    else if (spokenFields.has(field)) yield inner;
  }
}
