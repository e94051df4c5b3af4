import type { OrderList } from '../../shared/contracts/order.ts';
import { TRANSITIONS } from '../../shared/contracts/status.ts';
import type { Part } from './part.ts';
import type { Random } from './random.ts';
import type { Recorder } from './record.ts';
import type { Load } from './shoppers.ts';
import type { System } from './system.ts';

export interface AdminOptions {
  system: System;
  recorder: Recorder;
  random: Random;
  /** Changes of status a second, on average. */
  ratePerSecond: number;
}

const DEADLINE_MS = 12_000;
const PAUSE_MS = 300;
/** Two admins want the same order this often, and one of them comes second. */
const RIVAL_PROBABILITY = 0.15;

let changes = 0;

/** An admin who treats orders, sometimes with another one beside who treats the same. */
export function sendAdmins({ system, recorder, random, ratePerSecond }: AdminOptions): Load {
  let isStopped = false;
  let hasGivenUp = false;
  let refused: string | undefined;

  const call = async (at: Part, path: string, init: { method?: string; body?: string } = {}) => {
    const token = await system.session(refused);
    const response = await fetch(`http://127.0.0.1:${at.port}${path}`, {
      ...init,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const body = (await response.json()) as unknown;
    // Over, or not yet begun by a clock that was moved.
    refused = response.status === 401 ? token : undefined;
    return { status: response.status, body };
  };

  async function treatOne(): Promise<void> {
    const at = random.pick(system.orders);
    const list = await call(at, '/orders?limit=50');
    if (list.status !== 200) return;
    const open = (list.body as OrderList).orders.filter(({ status }) => TRANSITIONS[status].length > 0);
    if (open.length === 0) return;
    const { number, version, status } = random.pick(open);
    const admins = random.chance(RIVAL_PROBABILITY) ? 2 : 1;
    await Promise.all(
      Array.from({ length: admins }, () => {
        const to = random.chance(0.75) ? TRANSITIONS[status][0]! : TRANSITIONS[status].at(-1)!;
        return change(number, to, version);
      }),
    );
  }

  async function change(
    number: string,
    to: (typeof TRANSITIONS)['en_attente'][number],
    version: number,
  ): Promise<void> {
    for (;;) {
      changes += 1;
      const id = changes;
      recorder.note({ e: 'change', id, number, to, version });
      const answer = await call(random.pick(system.orders), `/orders/${number}`, {
        method: 'PATCH',
        body: JSON.stringify({ status: to, version }),
      }).catch(() => ({ status: 0, body: {} }));
      const { code, version: reached } = answer.body as { code?: string; version?: number };
      recorder.note({
        e: 'changed',
        id,
        status: answer.status,
        ...(code === undefined ? {} : { code }),
        ...(answer.status === 200 && reached !== undefined ? { version: reached } : {}),
      });
      const isSettled = answer.status === 200 || (answer.status >= 400 && answer.status < 500 && answer.status !== 408);
      if (isSettled || hasGivenUp) return;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  const working = (async () => {
    while (!isStopped) {
      await treatOne().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, (random.next() * 2000) / ratePerSecond));
    }
  })();

  return {
    async stop(patienceMs) {
      isStopped = true;
      const patience = setTimeout(() => {
        hasGivenUp = true;
      }, patienceMs);
      await working;
      clearTimeout(patience);
    },
  };
}
