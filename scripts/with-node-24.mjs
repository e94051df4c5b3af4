#!/usr/bin/env node
// Runs one of the project's TypeScript programs on Node 24, from any Node 20 or newer, in a fresh clone too:
//   node scripts/with-node-24.mjs scripts/start.ts [arguments]
// It installs the dependencies when node_modules is not what package-lock.json says (Node 24 is one of them),
// passes arguments, signals and the exit code through, and uses nothing but Node's own modules.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const node24 = join(root, 'node_modules/.bin/node');
const stamp = join(root, 'node_modules/.msp-lock');
const [script, ...args] = process.argv.slice(2);

installDependencies();
await runScript(chooseNode());

function installDependencies() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).update(`${process.platform}-${process.arch}`).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const start = Date.now();
  console.log('Installing the dependencies of package-lock.json, Node 24 among them …');
  const command = ['ci', '--loglevel=error', '--no-audit', '--no-fund'];
  const npm = spawnSync('npm', command, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (npm.error) fail(`npm could not be run (${npm.error.message}). It comes with Node; install it and try again.`);
  if (npm.signal) process.exit(130);
  if (npm.status !== 0) fail(`The dependencies could not be installed; npm's reason stands above.`);
  writeFileSync(stamp, wanted);
  console.log(`Installed in ${((Date.now() - start) / 1000).toFixed(1)} s.`);
}

function chooseNode() {
  const version = spawnSync(node24, ['--version'], { encoding: 'utf8' });
  if (version.status === 0) return node24;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return fail(
    `Node 24 is needed. This is ${process.version}, and npm brought no Node 24 that runs on ${process.platform} ${process.arch}.\n` +
      'Install Node 24 from https://nodejs.org and run the same command with it.',
  );
}

async function runScript(node) {
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', script, ...args], {
    stdio: 'inherit',
    // Whoever is run watches us: when we are killed, nobody would be left to pass a signal on.
    env: { ...process.env, MSP_PARENT_PID: String(process.pid) },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends its Ctrl-C to the child itself; a second one could be taken for impatience.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  // The same one up: npm may be killed, which tells the shell between it and us nothing.
  const npm = process.env.npm_lifecycle_event ? parentOf(process.ppid) : undefined;
  if (npm) setInterval(() => isRunning(npm) || child.kill('SIGTERM'), 500).unref();
  const [code, signal] = await new Promise((resolve) => {
    child.on('error', (error) => fail(`${node} could not be run: ${error.message}`));
    child.on('exit', (...end) => resolve(end));
  });
  process.exit(code ?? (signal === 'SIGINT' ? 130 : 143));
}

function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return Number(spawnSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }).stdout) || undefined;
  }
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
