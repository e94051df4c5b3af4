import { listen } from '../../shared/process/http-server.ts';
import { createLogger } from '../../shared/process/log.ts';
import { countShed, createMetrics } from '../../shared/process/metrics.ts';
import { closeOnSignals, runMain } from '../../shared/process/run.ts';
import { createAnnounce } from './announce.ts';
import { type AppDeps, createApp, createDirect } from './app.ts';
import { createPasswordChecker } from './check-password.ts';
import { CHANGES_POOL, connect, INTAKE_POOL, READS_POOL } from './connect.ts';
import { createDurability } from './durability.ts';
import { forgetRegularly } from './forget-customers.ts';
import { createGuessedLog } from './guessed-log.ts';
import { createGuessedShelf } from './guessed-shelf.ts';
import { beatHead } from './head-beat.ts';
import { createIntake, INTAKE_DEFAULTS } from './intake.ts';
import { keepAwake } from './keep-awake.ts';
import { createOrderMetrics } from './metrics.ts';
import { showPresence } from './presence.ts';
import { pruneRegularly } from './prune.ts';
import { createPublisher } from './publish.ts';
import { releaseRegularly } from './release-claims.ts';
import { sumUpRegularly } from './sales/sum-up.ts';
import { readSettings } from './settings.ts';
import { takeGroup } from './take-group.ts';

/** Requests in flight get this long; the rest of the ten seconds is for the queue and the connections. */
const CLOSE_MS = 8_000;

/** Two groups of orders, one in the database and one that gathers. */
const MAX_IN_FLIGHT = 256;
/** Less than half of that, and nearly as many are placed; those who are refused wait half as long for it. */
const OVERFLOWING_IN_FLIGHT = 96;

await runMain(async () => {
  const config = readSettings(process.env);
  const log = createLogger('orders', config.LOG_LEVEL);
  const registry = createMetrics('orders');
  const metrics = createOrderMetrics(registry);
  const shop = { timeZone: config.SHOP_TIMEZONE, currency: config.SHOP_CURRENCY, secret: config.SESSION_SECRET };

  const lanes = connect(config.DATABASE_URL, INTAKE_POOL);
  const changes = connect(config.DATABASE_URL, CHANGES_POOL);
  const reads = connect(config.DATABASE_URL, READS_POOL);
  const publisher = createPublisher(config.REDIS_URL, metrics.publishFailures, log);
  const durability = createDurability(changes);
  const announce = createAnnounce(durability, publisher);
  const announceCatalogue = () => publisher.publish({ catalogue: 'changed' });
  const group = {
    db: lanes,
    shop,
    durability,
    announce,
    guess: { shelf: createGuessedShelf(), log: createGuessedLog() },
    observe: metrics.observeGroup,
  };
  const intake = createIntake({ ...INTAKE_DEFAULTS, place: (requests) => takeGroup(group, requests) });
  metrics.watch({ queueDepth: intake.depth, acknowledgedHead: () => durability.acknowledged()?.seq ?? 0 });

  const deps: AppDeps = {
    reads,
    changes,
    intake,
    durability,
    announce,
    announceCatalogue,
    passwords: createPasswordChecker(),
    shop,
    sessionSecret: config.SESSION_SECRET,
    serviceToken: config.SERVICE_TOKEN,
    trustsProxy: config.TRUST_PROXY,
    registry,
    metrics,
    log,
  };
  const http = await listen({
    fetch: createApp(deps).fetch as never,
    direct: createDirect(deps),
    port: config.ORDERS_PORT,
    host: config.BIND_ADDRESS,
    load: { maxInFlight: MAX_IN_FLIGHT, overflowingInFlight: OVERFLOWING_IN_FLIGHT, onShed: countShed(registry) },
  });
  const ends = [
    beatHead(changes, durability, publisher, log),
    keepAwake(lanes, () => INTAKE_DEFAULTS.lanes - intake.busy()),
    keepAwake(changes, () => 1),
    pruneRegularly(changes, log),
    showPresence(config.DATABASE_URL),
    releaseRegularly({ db: changes, durability, announce, log }),
    sumUpRegularly({
      db: changes,
      timeZone: shop.timeZone,
      isBusy: () => intake.depth() > 0 || intake.busy() > 0,
      log,
    }),
    forgetRegularly({ db: changes, durability, announce, log }, config.PERSONAL_DATA_DAYS),
  ];
  log.info({ port: http.port }, 'listening');

  closeOnSignals(log, [
    () => http.close(CLOSE_MS),
    () => intake.drained(),
    () => ends.forEach((end) => void end()),
    () => publisher.close(),
    async () => void (await Promise.all([lanes, changes, reads].map((db) => db.destroy()))),
  ]);
});
