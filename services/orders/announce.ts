import type { Told } from './append-events.ts';
import type { Durability } from './durability.ts';
import type { Publisher } from './publish.ts';

/** To be called with what a transaction appended, once its COMMIT is acknowledged, and never before. */
export type Announce = (appended: Told) => void;

/** Remembers the events as durable and tells the notifiers. */
export function createAnnounce(durability: Durability, publisher: Publisher): Announce {
  return ({ epoch, head, snapshots }) => {
    durability.note({ epoch, seq: head });
    publisher.publishJson(`{"epoch":${JSON.stringify(epoch)},"events":[${snapshots.join(',')}]}`);
  };
}
