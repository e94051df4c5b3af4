import { z } from 'zod';

/** What is wrong with the environment, every mistake at once, one line each. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/**
 * Reads a process's settings from the environment, once, into one typed object.
 * Empty variables count as unset. Values are never repeated in messages: some of them are secrets.
 *
 * @param shape one zod schema per variable, by the variable's name
 * @throws {ConfigError} naming every variable that is missing or wrong
 */
export function readConfig<Shape extends z.ZodRawShape>(
  shape: Shape,
  env: Record<string, string | undefined>,
): z.infer<z.ZodObject<Shape>> {
  const given = Object.fromEntries(Object.keys(shape).flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const result = z.object(shape).safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return `  ${name}: ${name in given ? issue.message : 'is required'}`;
  });
  throw new ConfigError(`These settings are missing or wrong:\n${lines.join('\n')}`);
}

/** Settings that every process has. */
export const processSettings = {
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** The address to listen on; loopback unless told, because what is behind it trusts its gateway. */
  BIND_ADDRESS: z.string().default('127.0.0.1'),
};

/** Digits alone: `Number` would take a blank for 0, and `0x50` and `1e3` for what nobody meant. */
export const whole = (min: number, max: number) =>
  z.string().regex(/^\d+$/, { error: 'must be a whole number' }).transform(Number).pipe(z.int().min(min).max(max));
export const port = (fallback: number) => whole(0, 65_535).default(fallback);
export const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `must be a URL with ${protocols.join(' or ')}`,
  });
export const databaseUrl = url('mysql:', 'mariadb:').refine(
  (text) => !URL.canParse(text) || new URL(text).pathname.length > 1,
  { error: 'must name a database, as in mysql://user:password@host:3306/shop' },
);
/** A secret shared between processes: at least 32 characters, so that it cannot be guessed offline. */
export const secret = z.string().min(32, { error: 'must have at least 32 characters' });
export const seconds = (fallback: number, max = 3600) => whole(1, max).default(fallback);
export const timeZone = z.string().refine(
  (name) => {
    try {
      new Intl.DateTimeFormat('en', { timeZone: name });
      return true;
    } catch {
      return false;
    }
  },
  { error: 'must be an IANA time zone such as Europe/Paris' },
);
/** Prices are hundredths everywhere, so the currency has to be one that is counted in them: no yen, no dinar. */
export const currency = z
  .string()
  .refine(
    (code) =>
      Intl.supportedValuesOf('currency').includes(code) &&
      new Intl.NumberFormat('en', { style: 'currency', currency: code }).resolvedOptions().maximumFractionDigits === 2,
    { error: 'must be the ISO 4217 code of a currency with hundredths, such as EUR' },
  );
