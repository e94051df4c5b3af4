import type { Desk } from '../desk.ts';
import type { PartKind } from '../part.ts';
import type { Random } from '../random.ts';
import type { System } from '../system.ts';

/** What there is to break, by name: enough to plan a run before anything is started. */
export interface Shape {
  parts: readonly { name: string; kind: PartKind }[];
  /** Lines between parts; those of the desks apart. */
  links: readonly string[];
  /** Desks with a line of their own. */
  desks: readonly string[];
  /** Whether the database is on a disk that can be filled, and whether clocks can be moved. */
  disk: boolean;
  clocks: boolean;
  /** Whether the writes of the database can be held up. */
  writes: boolean;
}

/** One fault as it was drawn: what it does to what, and for how long. Plain data. */
export interface Fault<Detail = unknown> {
  kind: string;
  /** For people and the checker: names of parts, a link, a desk. */
  target: string;
  /** What nothing else may touch meanwhile. */
  claims: readonly string[];
  durationMs: number;
  detail: Detail;
}

export interface Stage {
  system: System;
  desks: readonly Desk[];
  /** For what is drawn while the fault lasts. */
  random: Random;
}

export interface FaultKind<Detail = unknown> {
  kind: string;
  /** Undefined where it is not possible. */
  draw(random: Random, shape: Shape): Omit<Fault<Detail>, 'kind'> | undefined;
  /** Breaks it; gives what heals it. */
  begin(stage: Stage, fault: Fault<Detail>): Promise<Heal>;
}

/**
 * Resolves once what was broken works again; or, where only its victims can tell, with a promise of the moment when
 * they have noticed. Further faults do not wait for that.
 */
export type Heal = () => Promise<{ noticed: Promise<void> } | void>;

/** Checks nothing, forgets the type of the detail: each kind is only ever given what it drew itself. */
export function asFaultKind<Detail>(kind: FaultKind<Detail>): FaultKind {
  return kind as FaultKind;
}

/** Until the condition holds, or the time is up: a run goes on either way, and says at its end what did not heal. */
export async function until(condition: () => boolean | Promise<boolean>, deadlineMs: number): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!(await condition()) && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** How long a part may take until it is ready again; others may be broken at the same time. */
export const READY_MS = 45_000;
