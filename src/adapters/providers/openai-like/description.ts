import type { WireDialect } from '../../../core/chat.ts';
import type { VendorName } from '../../../core/models.ts';
import type { Target } from '../vendor.ts';
import type { WireMessage } from './messages.ts';
import type { Setting } from './settings.ts';
import type { Wires } from './wires.ts';

/** In what a vendor differs from OpenAI. What is not said is as there. */
export interface OpenAiLike {
  name: VendorName;
  /** Those whose requests it takes as they are. */
  relays: readonly WireDialect[];
  /** Whether a deployment takes requests of a dialect in `relays`; all do otherwise. */
  takes?(dialect: WireDialect, target: Target): boolean;
  /** Where an operation such as `chat/completions` is; `<address>/v1/<operation>` otherwise. */
  urlOf?(address: string, operation: string, modelName: string): string;
  /** A bearer token otherwise. */
  credentials?(key: string): Record<string, string>;
  /** Null for one whose models do not converse. */
  chat: ChatTraits | null;
  /**
   * Of one that converses at `responses` too, where models show and sign what they think, and which some speak alone:
   * what is known of its deployments.
   */
  wires?: Wires;
  embeds: boolean;
  /** Where it ranks documents, relative to the address: the first that is there. */
  rerankPaths: readonly string[];
  /** Whether the list of its models names what can be asked. Azure's deployments are not in it. */
  listsModels: boolean;
  /** The operation that lists what can be asked; `models` otherwise. */
  listOperation?: string;
}

/** What of a chat a vendor understands, and how it says it. */
export interface ChatTraits {
  /** Of the vendor, in sentences. */
  name: string;
  /** Settings that it calls by another name. */
  renamed: Partial<Record<Setting, string>>;
  /** Settings that it does without, and says so. */
  ignored: readonly Setting[];
  /** Settings without which the answer would not be what was asked for. */
  refused: readonly Setting[];
  /** Its word for a choice of tool that must call one. */
  mustCall: 'required' | 'any';
  /** Knows custom tools and a choice among some of the tools. Elsewhere they are emulated. */
  newerTools: boolean;
  /** Tells the usage of a stream only when it is asked to. */
  usageOnRequest: boolean;
  /** Shows what the model thought, and takes it back, as `reasoning_content`. */
  replaysReasoning: boolean;
  /** The last word on a message. Throws `unsupported_value` for what it cannot say. */
  adaptMessage?(message: WireMessage, onIgnored: (path: string) => void): WireMessage;
}
