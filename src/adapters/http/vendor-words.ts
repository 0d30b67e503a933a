import { isRecord } from '../../core/json/is-record.ts';

const maxMessageLength = 500;

export interface VendorWords {
  /** One line, at most 500 characters; null when the vendor gave no reason. */
  message: string | null;
  param: string | null;
  vendorCode: string | null;
}

/**
 * The reason in the JSON of a refusal: `{error: {message, param, code}}` of OpenAI, Anthropic, Gemini and vLLM,
 * `{error: "…"}` of TEI and Ollama, `{message}` of older vLLM and Mistral, `{detail: "…" | [{msg, loc}]}` of FastAPI.
 */
export function vendorWords(body: string, key: string | null): VendorWords {
  const outer = recordIn(body);
  const inner = isRecord(outer['error']) ? outer['error'] : outer;
  const details = Array.isArray(outer['detail']) ? outer['detail'].filter(isRecord) : [];
  const reasons = [outer['error'], inner['message'], outer['detail'], details[0]?.['msg']];
  const reason = reasons.find((candidate) => typeof candidate === 'string' && candidate.trim() !== '');
  return {
    message: typeof reason === 'string' ? oneLine(reason, key) : null,
    param: textOrNull(inner['param']),
    vendorCode: textOrNull(inner['code']),
  };
}

/** One line without what looks like a credential. */
function oneLine(reason: string, key: string | null): string {
  const text = (key ? reason.replaceAll(key, '***') : reason)
    .replaceAll(/\b(?:sk|key|pk|gsk|AIza)[-_]?[\w-]{16,}/g, '***')
    .replaceAll(/\bBearer\s+\S+/gi, 'Bearer ***')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return text.length <= maxMessageLength ? text : `${text.slice(0, maxMessageLength - 1)}…`;
}

function recordIn(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    // Gemini wraps the error of a stream in a list.
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return isRecord(first) ? first : {};
  } catch {
    return {};
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= 200 ? value : null;
}
