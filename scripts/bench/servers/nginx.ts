import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { findProgram } from '../../servers/find-binaries.ts';
import { freePort } from '../../servers/free-port.ts';
import { tail } from '../../servers/server-failure.ts';
import { startChild } from '../../supervise/child.ts';
import { readCost } from '../cost.ts';
import type { Workbench } from '../workbench.ts';
import type { Program } from './program.ts';

/** Debian's nginx looks for modules here. */
const PREFIX = '/usr/share/nginx/';
const NCHAN = 'modules/ngx_nchan_module.so';
/** For `startNginx`. */
export const LOAD_NCHAN = `load_module ${NCHAN};`;
const START_DEADLINE_MS = 10_000;
let started = 0;

/** An nginx that has nchan; undefined when there is none. */
export function findNginx(): string | undefined {
  return existsSync(join(PREFIX, NCHAN)) ? findProgram(['nginx']) : undefined;
}

/**
 * Starts a private nginx of one worker, on loopback, in the measured place. Reads no configuration of the machine.
 * @param main directives outside of any block
 * @param locations of its one server
 */
export async function startNginx(bench: Workbench, main: string, locations: string): Promise<Program> {
  if (!bench.nginx) throw new Error('There is no nginx here.');
  started += 1;
  const home = join(bench.home, `nginx-${started}`);
  mkdirSync(home);
  const port = await freePort();
  const log = join(home, 'error.log');
  const connections = Math.floor(bench.maxFiles * 0.9);
  writeFileSync(
    join(home, 'nginx.conf'),
    `${main}
     ${process.getuid?.() === 0 ? 'user root;' : ''}
     daemon off;
     worker_processes 1;
     worker_rlimit_nofile ${bench.maxFiles};
     pid ${home}/pid;
     error_log ${log} warn;
     events { worker_connections ${connections}; }
     http {
       access_log off;
       keepalive_requests 1000000;
       ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${home}/${kind};`).join('\n')}
       server {
         listen 127.0.0.1:${port} backlog=4096;
         ${locations}
       }
     }`,
  );
  const child = startChild({
    guard: bench.guard,
    name: 'nginx',
    stage: 'service',
    ...bench.placed('measured', bench.nginx, ['-p', PREFIX, '-c', join(home, 'nginx.conf'), '-e', log]),
    env: { PATH: process.env.PATH },
    output: { file: log },
  });
  const deadline = performance.now() + START_DEADLINE_MS;
  while (!(await accepts(port))) {
    if (!child.isRunning() || performance.now() > deadline) {
      const { reason } = await child.stop();
      throw new Error(`nginx could not start (${reason}). Its last words:\n${await tail(log, 8)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    name: 'nginx',
    port,
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    cost: () => readCost(child.pid),
    stop: async () => void (await child.stop()),
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
