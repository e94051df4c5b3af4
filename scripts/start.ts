/**
 * `npm start`: everything that a shop needs, in one terminal.
 *
 *   npm start                 finds or installs a database and Redis, migrates, starts the three services
 *   npm start -- --reset      deletes the data first, after asking; with --yes it does not ask
 *
 * Ctrl-C (or SIGTERM, or a closed terminal) stops it all, services first; the data stay in DATA_DIR, and the
 * exit code is 0, because stopping is how this command ends. It is 1 when something failed.
 */
import { basename } from 'node:path';
import { ConfigError } from '../shared/process/config.ts';
import { build } from './build.ts';
import { endContainers } from './servers/docker.ts';
import { isPortFree } from './servers/free-port.ts';
import { ServerFailure } from './servers/server-failure.ts';
import { checkLogin } from './start/check-login.ts';
import { DataDirectory } from './start/data-directory.ts';
import { provideServers } from './start/provide-servers.ts';
import { resetData } from './start/reset-data.ts';
import { keepSecrets } from './start/secrets.ts';
import { serviceSettings } from './start/service-settings.ts';
import { finished, ready, serviceFailure, startService } from './start/services.ts';
import { readStartSettings, type StartSettings } from './start/settings.ts';
import { StartFailure } from './start/start-failure.ts';
import { Steps } from './start/steps.ts';
import type { Child } from './supervise/child.ts';
import { followParent } from './supervise/follow-parent.ts';
import { Guard } from './supervise/guard.ts';

const steps = new Steps();
const stopAsked = new Promise<'stop'>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('stop'));
  followParent(() => resolve('stop'));
});
// A terminal or a pipe that is gone takes no more words; that is no reason to leave things running.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

let guard: Guard | undefined;
let data: DataDirectory | undefined;
const children: (Child & { logFile?: string })[] = [];
let onChildEnd: (failure: Promise<StartFailure>) => void = () => {};
const childFailed = new Promise<never>((_, reject) => {
  onChildEnd = (failure) => void failure.then(reject);
});

try {
  const outcome = await Promise.race([stopAsked, childFailed, start(process.argv.slice(2))]);
  if (outcome === 'started') await Promise.race([stopAsked, childFailed]);
  steps.say('\nStopping …');
  await end();
  steps.say(data ? `Stopped. The data stay in ${data.path}.` : 'Stopped.');
  process.exit(0);
} catch (error) {
  steps.breakOff();
  const expected = error instanceof StartFailure || error instanceof ServerFailure || error instanceof ConfigError;
  console.error(`\n${expected ? error.message : error instanceof Error ? error.stack : String(error)}`);
  if (children.length > 0) console.error('\nEverything is being stopped; the data stay.');
  await end();
  process.exit(1);
}

/** What is still running ends, services before the servers they use; the guardian does it, and ends itself. */
async function end(): Promise<void> {
  await guard?.close();
  endContainers();
  if (guard) data?.withdraw();
}

/** Takes a child on record: a crash of it, from now on, ends everything. */
function watch(child: Child & { logFile?: string }): void {
  children.push(child);
  void child.exited.then(({ reason }) =>
    onChildEnd(
      child.logFile
        ? serviceFailure({ name: child.name, logFile: child.logFile }, reason)
        : Promise.resolve(new StartFailure(`${child.name} has ended (${reason}).`)),
    ),
  );
}

async function start(args: readonly string[]): Promise<'started'> {
  const unknown = args.filter((arg) => arg !== '--reset' && arg !== '--yes');
  if (unknown.length > 0) throw new StartFailure(`Unknown: ${unknown.join(' ')}. There are --reset and --yes.`);
  const began = performance.now();
  const settings = await readStartSettings(process.env);
  data = new DataDirectory(settings.dataDirectory);
  await checkPorts(settings);
  const webUrl = `http://${settings.host === '127.0.0.1' ? 'localhost' : settings.host}:${settings.ports.web}`;
  steps.say(`\n${steps.bold('MSP')}   ${steps.dim(`data in ${data.path}`)}\n`);

  if (args.includes('--reset')) await resetData(data, settings, args.includes('--yes'));
  const leftovers = await data.endLeftovers();
  if (leftovers > 0) steps.say(`  Ended ${leftovers} processes that a crash had left running.`);
  const own = data;
  const ending = new Guard();
  guard = ending;
  const record = (child: Child) => {
    watch(child);
    own.announce(webUrl, children);
  };
  own.announce(webUrl, []);
  const secrets = keepSecrets(own, settings);

  await steps.run('Building the services and pages', buildAll);
  const servers = await provideServers({ guard: ending, data: own, secrets, settings, steps, started: record });
  const env = serviceSettings({ settings, secrets, servers, env: process.env });
  const launch = (name: keyof typeof env, args?: readonly string[]) =>
    startService({ guard: ending, data: own, env: env[name] }, name, args);
  await steps.run('Migrating the database, with a demo catalogue if it is new', () =>
    finished(launch('migrate', ['--demo'])),
  );
  await steps.run('Starting orders, notifier and web', async () => {
    const services = (['orders', 'notifier', 'web'] as const).map((name) => {
      const service = launch(name);
      record(service);
      return ready(service, `http://${settings.host}:${settings.ports[name]}`);
    });
    await Promise.all(services);
  });

  const login = await checkLogin(env.web.ORDERS_URL as string, secrets);
  steps.say(
    [
      '',
      `  Shop     ${steps.bold(`${webUrl}/`)}`,
      `  Orders   ${steps.bold(`${webUrl}/admin/orders`)}`,
      login
        ? `  Login    ${secrets.adminEmail}   ${secrets.adminPassword}`
        : '  Login    as set up before; the database has another password than this folder',
      '',
      steps.dim(
        `  Ready after ${((performance.now() - began) / 1000).toFixed(1)} s. Logs in ${own.file('logs')}. Ctrl-C stops everything.`,
      ),
    ].join('\n'),
  );
  return 'started';
}

/** Everything that is to listen is looked at before anything is started. */
async function checkPorts({ ports, bindAddress }: StartSettings): Promise<void> {
  if (!(await isPortFree(0, bindAddress))) {
    throw new StartFailure(`BIND_ADDRESS: ${bindAddress} is no address of this machine.`);
  }
  const taken: string[] = [];
  for (const [name, port] of Object.entries(ports)) {
    const variable = `${name.toUpperCase()}_PORT`;
    if (!(await isPortFree(port, bindAddress)))
      taken.push(`Port ${port} is taken by another program; ${variable} chooses another for ${name}.`);
  }
  if (taken.length > 0) throw new StartFailure(taken.join('\n'));
}

async function buildAll(): Promise<void> {
  const { failed } = await build();
  if (failed.length > 0)
    throw new StartFailure(`These could not be built: ${failed.map((entry) => basename(entry)).join(', ')}`);
}
