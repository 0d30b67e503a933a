import { hash, verify } from '@node-rs/argon2';
import { createTurnstile } from './turnstile.ts';

/** argon2id, 64 MiB, 3 passes, 1 lane: some 50 ms on one core. */
const cost = { memoryCost: 64 * 1024, timeCost: 3, parallelism: 1 };

/** The hash of a password that nobody knows, with the cost above. */
const decoy = '$argon2id$v=19$m=65536,t=3,p=1$Qh8rJN8vadGvflqzy3DjeA$bTbuaXlNjQyAvn6Gh9KqoKys3yIPIAtOKECgTkxQkpA';

/** Hashes and checks passwords, four at a time so that sign-ins cannot take all memory. */
export function createPasswords(settings = { maxRunning: 4, maxWaiting: 64 }) {
  const pass = createTurnstile(settings);
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
