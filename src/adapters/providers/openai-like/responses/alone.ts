const names = /^(?:gpt-[\d.]+|o\d)-(?:pro|codex)(?:-|$)|^codex-/;

/** Whether OpenAI serves the model over Responses and nothing else, as far as its name tells. */
export function speaksResponsesAlone(modelName: string): boolean {
  return names.test(modelName);
}
