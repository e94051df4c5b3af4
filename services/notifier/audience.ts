import { VIEWS, type View } from '../../shared/contracts/status.ts';
import type { Limits } from './limits.ts';
import type { Subscriber } from './subscriber.ts';

/**
 * Everybody who listens, by what they listen to and by whose streams they are.
 * Finding the subscribers of an event never looks at those of another.
 */
export class Audience {
  readonly all = new Set<Subscriber>();
  readonly views = Object.fromEntries(VIEWS.map((view) => [view, new Set<Subscriber>()])) as Record<
    View,
    Set<Subscriber>
  >;
  readonly shoppers = new Map<string, Set<Subscriber>>();
  readonly #owners = new Map<string, Set<Subscriber>>();
  readonly #limits: Pick<Limits, 'streams' | 'streamsPerSession' | 'streamsPerShopper'>;

  constructor(limits: Pick<Limits, 'streams' | 'streamsPerSession' | 'streamsPerShopper'>) {
    this.#limits = limits;
  }

  /** Which bound one more stream of this owner would pass; undefined when there is room. */
  fullFor(owner: string, kind: 'session' | 'shopper'): 'streams' | 'streams_per_owner' | undefined {
    if (this.all.size >= this.#limits.streams) return 'streams';
    const bound = kind === 'session' ? this.#limits.streamsPerSession : this.#limits.streamsPerShopper;
    return this.of(owner).size >= bound ? 'streams_per_owner' : undefined;
  }

  /** The streams of one session or one shopper's page. */
  of(owner: string): ReadonlySet<Subscriber> {
    return this.#owners.get(owner) ?? NOBODY;
  }

  join(subscriber: Subscriber): void {
    this.all.add(subscriber);
    enter(this.#owners, subscriber.owner, subscriber);
    if ('view' in subscriber.topic) this.views[subscriber.topic.view].add(subscriber);
    else if ('shopperKey' in subscriber.topic) enter(this.shoppers, subscriber.topic.shopperKey, subscriber);
  }

  leave(subscriber: Subscriber): void {
    this.all.delete(subscriber);
    exit(this.#owners, subscriber.owner, subscriber);
    if ('view' in subscriber.topic) this.views[subscriber.topic.view].delete(subscriber);
    else if ('shopperKey' in subscriber.topic) exit(this.shoppers, subscriber.topic.shopperKey, subscriber);
  }
}

const NOBODY: ReadonlySet<Subscriber> = new Set();

function enter(groups: Map<string, Set<Subscriber>>, key: string, subscriber: Subscriber): void {
  const group = groups.get(key);
  if (group) group.add(subscriber);
  else groups.set(key, new Set([subscriber]));
}

/** Leaves no empty group behind: keys are made by strangers, and would pile up. */
function exit(groups: Map<string, Set<Subscriber>>, key: string, subscriber: Subscriber): void {
  const group = groups.get(key);
  if (group?.delete(subscriber) && group.size === 0) groups.delete(key);
}
