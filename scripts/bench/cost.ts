import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** What a process has used so far, its children included (nginx does its work in one). Linux only. */
export interface Cost {
  /** User and system time of all threads, in microseconds. */
  cpuUs: number;
  /** Memory that it holds now, and the most that it has held since `forgetPeak`. */
  rssBytes: number;
  peakBytes: number;
}

/**
 * The scheduler's own account of each thread (proc(5), schedstat) counts nanoseconds, where `stat` counts ticks of
 * 10 ms, which is as much as a small server uses in a second.
 */
export function readCost(pid: number): Cost {
  const cost: Cost = { cpuUs: 0, rssBytes: 0, peakBytes: 0 };
  for (const one of family(pid)) {
    for (const thread of readdirSync(`/proc/${one}/task`)) {
      cost.cpuUs += Number(readFileSync(`/proc/${one}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1000;
    }
    const status = readFileSync(`/proc/${one}/status`, 'utf8');
    cost.rssBytes += kilobytes(status, 'VmRSS');
    cost.peakBytes += kilobytes(status, 'VmHWM');
  }
  return cost;
}

/** Lets the peak of memory begin anew, where the system permits it (root may). */
export function forgetPeak(pid: number): void {
  for (const one of family(pid)) {
    try {
      writeFileSync(`/proc/${one}/clear_refs`, '5');
    } catch {}
  }
}

function family(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return [pid, ...(children ? children.split(' ').flatMap((child) => family(Number(child))) : [])];
}

function kilobytes(status: string, name: string): number {
  return 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
}
