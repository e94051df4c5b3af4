import { randomBytes } from 'node:crypto';
import type { DataDirectory } from './data-directory.ts';
import type { StartSettings } from './settings.ts';
import { StartFailure } from './start-failure.ts';

/** What must stay the same between runs and must not be known to others: made up once, mode 0600. */
export interface Secrets {
  sessionSecret: string;
  serviceToken: string;
  /** Of the account that owns the tables, for migrations, and of the one that orders runs with. */
  databasePassword: string;
  runPassword: string;
  redisOrdersPassword: string;
  redisNotifierPassword: string;
  adminEmail: string;
  adminPassword: string;
}

/** Without characters that look alike, because people type it from a screen. */
const READABLE = 'abcdefghjkmnpqrstuvwxyz23456789';

export function keepSecrets(data: DataDirectory, settings: StartSettings): Secrets {
  const kept = data.readJson<Partial<Secrets>>('secrets.json') ?? {};
  const made: Secrets = {
    sessionSecret: kept.sessionSecret ?? randomBytes(32).toString('base64url'),
    serviceToken: kept.serviceToken ?? randomBytes(32).toString('base64url'),
    databasePassword: kept.databasePassword ?? randomBytes(24).toString('base64url'),
    runPassword: kept.runPassword ?? randomBytes(24).toString('base64url'),
    redisOrdersPassword: kept.redisOrdersPassword ?? randomBytes(24).toString('base64url'),
    redisNotifierPassword: kept.redisNotifierPassword ?? randomBytes(24).toString('base64url'),
    adminEmail: kept.adminEmail ?? settings.adminEmail ?? 'admin@msp.example',
    adminPassword: kept.adminPassword ?? settings.adminPassword ?? readablePassword(),
  };
  // These stand in statements and in URLs as they are.
  for (const name of ['databasePassword', 'runPassword', 'redisOrdersPassword', 'redisNotifierPassword'] as const) {
    if (!/^[\w-]+$/.test(made[name]))
      throw new StartFailure(`${data.file('secrets.json')}: ${name} may hold letters, digits, - and _ only.`);
  }
  data.writeJson('secrets.json', made);
  return {
    ...made,
    sessionSecret: settings.sessionSecret ?? made.sessionSecret,
    serviceToken: settings.serviceToken ?? made.serviceToken,
    adminEmail: settings.adminEmail ?? made.adminEmail,
    adminPassword: settings.adminPassword ?? made.adminPassword,
  };
}

/** 16 of 31 characters, in fours: 79 bits. */
function readablePassword(): string {
  const letters = Array.from({ length: 16 }, () => {
    let byte = 255;
    // 248 is the largest multiple of 31 that a byte can hold; what is above would make some letters likelier.
    while (byte >= 248) byte = randomBytes(1)[0] as number;
    return READABLE[byte % READABLE.length];
  });
  return letters.join('').match(/.{4}/g)!.join('-');
}
