import { hash, verify } from '@node-rs/argon2';
import { HttpProblem } from '../../shared/process/http-problem.ts';

/** OWASP's recommendation for argon2id: 19 MiB, two passes, one lane. The library's default variant is argon2id. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Each takes 19 MiB and some 20 ms of a core; orders come first. */
const MAX_PARALLEL = 2;
/** Of known devices, and of others. */
const MAX_WAITING = 32;
const MAX_WAIT_MS = 2_000;

/** A hash of nothing anybody knows, so that an unknown e-mail takes as long as a wrong password. */
export const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$XyFCNXRF6owboBJJLG97sA$we1qgJYtcEkX1omPGM5Y1NW/bEAJxjujrzXz4y4ismI';

export function hashPassword(password: string): Promise<string> {
  return hash(password, PARAMETERS);
}

/** True when the password belongs to the hash. Does the same work without a hash, and is then false. */
async function checkPassword(known: string | undefined, password: string): Promise<boolean> {
  const matches = await verify(known ?? NOBODYS_HASH, password);
  return matches && known !== undefined;
}

/** Where those wait who want a password checked, two at a time. */
export interface PasswordChecker {
  /**
   * Runs `work` when its turn has come; it is given what checks a password. Known devices come first, so that a flood
   * of strangers does not keep them waiting.
   * @throws {HttpProblem} `too_many_requests` when too many wait, or it took too long
   */
  inTurn<T>(device: 'known' | 'unknown', work: (check: typeof checkPassword) => Promise<T>): Promise<T>;
}

export function createPasswordChecker(): PasswordChecker {
  const waiting: Record<'known' | 'unknown', (() => void)[]> = { known: [], unknown: [] };
  let running = 0;

  const tooMany = () => new HttpProblem(429, 'too_many_requests', { retryAfterSeconds: 2 });
  const wait = (line: (() => void)[]) => {
    if (line.length >= MAX_WAITING) throw tooMany();
    return new Promise<void>((resolve, reject) => {
      const go = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        line.splice(line.indexOf(go), 1);
        reject(tooMany());
      }, MAX_WAIT_MS);
      line.push(go);
    });
  };

  return {
    async inTurn(device, work) {
      // Whoever ends hands the place over, so `running` stays as it is.
      if (running >= MAX_PARALLEL) await wait(waiting[device]);
      else running += 1;
      try {
        return await work(checkPassword);
      } finally {
        const next = waiting.known.shift() ?? waiting.unknown.shift();
        if (next) next();
        else running -= 1;
      }
    },
  };
}
