import type { Call } from '../../core/call.ts';
import type { ModelProvider, ModelRouter } from '../../core/models.ts';
import type { Bill, Usage } from '../../core/usage.ts';

/** What became of a call on a model. */
export interface Outcome {
  /** HTTP status the caller got. */
  status: number;
  /** Null when none was asked. */
  provider: ModelProvider | null;
  /** Null when nothing was consumed. */
  usage: Usage | null;
}

export interface Measurement {
  /** The first part of a stream has come. */
  firstPart(): void;
  /** Writes the record of the call, once, and says what it cost. */
  end(outcome: Outcome): Bill;
}

/** Every call on a model leaves one record, whether it was answered, failed or was given up. */
export function createMeter() {
  return {
    begin(_router: ModelRouter, _call: Call): Measurement {
      return { firstPart: () => undefined, end: () => noBill };
    },
  };
}

export type Meter = ReturnType<typeof createMeter>;

const none = { min: 0, max: 0 };
const noBill: Bill = { costMicros: 0, carbon: { kWh: none, kgCO2eq: none }, requests: 1 };
