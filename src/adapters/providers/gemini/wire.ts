/** The Gemini API as far as we speak it. */

export interface WirePart {
  text?: string;
  thought?: boolean;
  thoughtSignature?: string;
  inlineData?: { mimeType: string; data: string };
  fileData?: { fileUri: string; mimeType?: string };
  functionCall?: { id?: string; name: string; args?: Record<string, unknown> };
  functionResponse?: {
    id: string;
    name: string;
    response: Record<string, unknown>;
    parts?: readonly WirePart[];
  };
}

export interface WireContent {
  role: 'user' | 'model';
  parts: readonly WirePart[];
}

export interface WireLogprob {
  token?: string;
  logProbability?: number;
}

export interface WireCandidate {
  content?: { parts?: readonly WirePart[] };
  finishReason?: string;
  finishMessage?: string;
  logprobsResult?: {
    chosenCandidates?: readonly WireLogprob[];
    topCandidates?: readonly { candidates?: readonly WireLogprob[] }[];
  };
}

export interface WireUsage {
  promptTokenCount?: number;
  toolUsePromptTokenCount?: number;
  cachedContentTokenCount?: number;
  /** Without the thoughts. */
  candidatesTokenCount?: number;
  thoughtsTokenCount?: number;
}

/** A piece of a streamed answer, or an error in place of one. */
export interface WireChunk {
  candidates?: readonly WireCandidate[];
  promptFeedback?: { blockReason?: string };
  usageMetadata?: WireUsage;
  modelVersion?: string;
  responseId?: string;
  error?: { code?: number; message?: string; status?: string };
}
