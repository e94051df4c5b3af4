import { hash, verify } from '@node-rs/argon2';
import { HttpProblem } from '../../shared/process/http-problem.ts';

/** OWASP's recommendation for argon2id: 19 MiB, two passes, one lane. The library's default variant is argon2id. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Each takes 19 MiB and some 20 ms of a core; orders come first. */
const MAX_PARALLEL = 2;
const MAX_WAITING = 32;

/** A hash of nothing anybody knows, so that an unknown e-mail takes as long as a wrong password. */
const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$XyFCNXRF6owboBJJLG97sA$we1qgJYtcEkX1omPGM5Y1NW/bEAJxjujrzXz4y4ismI';

export function hashPassword(password: string): Promise<string> {
  return hash(password, PARAMETERS);
}

export interface PasswordChecker {
  /**
   * True when the password belongs to the hash. Takes the same time without a hash, and is then false.
   * @throws {HttpProblem} `too_many_requests` when too many checks wait
   */
  check(hash: string | undefined, password: string): Promise<boolean>;
}

export function createPasswordChecker(): PasswordChecker {
  const waiting: (() => void)[] = [];
  let running = 0;
  return {
    async check(known, password) {
      if (running >= MAX_PARALLEL) {
        if (waiting.length >= MAX_WAITING) throw new HttpProblem(429, 'too_many_requests', { retryAfterSeconds: 2 });
        // Whoever ends hands the place over, so `running` stays as it is.
        await new Promise<void>((resolve) => waiting.push(resolve));
      } else running += 1;
      try {
        const matches = await verify(known ?? NOBODYS_HASH, password);
        return matches && known !== undefined;
      } finally {
        const next = waiting.shift();
        if (next) next();
        else running -= 1;
      }
    },
  };
}
