import { hash, verify } from '@node-rs/argon2';
import { GatewayError } from '../../core/errors.ts';
import { createLimiter } from '../../core/limiter.ts';

/** argon2id, 64 MiB, 3 passes, 1 lane: some 50 ms on one core. */
const cost = { memoryCost: 64 * 1024, timeCost: 3, parallelism: 1 };

/** The hash of a password that nobody knows, with the cost above. */
const decoy = '$argon2id$v=19$m=65536,t=3,p=1$Qh8rJN8vadGvflqzy3DjeA$bTbuaXlNjQyAvn6Gh9KqoKys3yIPIAtOKECgTkxQkpA';

export interface PasswordSettings {
  maxRunning: number;
  /** Running and waiting together; more than that are turned away with `overloaded`. */
  maxPending: number;
}

/** Hashes and checks passwords, few at a time so that sign-ins cannot take all memory. */
export function createPasswords(settings: PasswordSettings = { maxRunning: 4, maxPending: 64 }) {
  const limited = createLimiter(settings.maxRunning);
  let pending = 0;

  async function pass<Result>(task: () => Promise<Result>): Promise<Result> {
    if (pending >= settings.maxPending) {
      throw new GatewayError('overloaded', 'Too many sign-ins at once. Please try again.', { retryAfterMs: 1_000 });
    }
    pending += 1;
    try {
      return await limited(task);
    } finally {
      pending -= 1;
    }
  }

  return {
    hash(password: string): Promise<string> {
      return pass(() => hash(password.normalize('NFC'), cost));
    },

    /** Null stands for an unknown user: it takes as long and answers false. */
    async verify(passwordHash: string | null, password: string): Promise<boolean> {
      const matches = await pass(() => verify(passwordHash ?? decoy, password.normalize('NFC')));
      return matches && passwordHash !== null;
    },
  };
}

export type Passwords = ReturnType<typeof createPasswords>;
