import { type Cursor, formatCursor } from '../../shared/contracts/cursor.ts';
import type { EventLog } from './event-log.ts';
import type { LogFollower } from './follow-log.ts';
import type { RenderFrames } from './render-frames.ts';
import { resetFrame } from './sse-frame.ts';
import type { OrderTopic } from './subscriber.ts';

/**
 * Makes sure that the log in memory reaches as far as a browser's cursor, as far as the log itself does.
 *
 * A page may be a moment ahead of us: its rows were read from the database while the message was still on its way.
 * The log is then read once for all who ask at the same time.
 */
export async function reach(cursor: Cursor, log: EventLog, follower: LogFollower): Promise<void> {
  if (log.epoch !== cursor.epoch || log.head < cursor.seq) await follower.catchUpFromNow();
}

/**
 * The frames that bring a browser from where it stands to `position`: one for everything that its view missed, one
 * for each change of a shopper's order, or `reset` when the way is no longer (or never was) in the log.
 * Frames are kept while the position stays, because after a restart everybody comes back from the same place.
 */
export function catchUpFrames(log: EventLog, render: RenderFrames) {
  const kept = new Map<string, Buffer>();
  let keptAt = '';

  return (topic: OrderTopic, from: Cursor, position: number): Buffer => {
    const to: Cursor = { epoch: log.epoch as string, seq: position };
    const events = from.epoch === to.epoch && from.seq <= log.head ? log.between(from.seq, position) : undefined;
    if (!events) return resetFrame(formatCursor(to));
    if (events.length === 0) return NOTHING;
    if ('shopperKey' in topic) {
      const own = events.filter(({ shopperKey }) => shopperKey === topic.shopperKey);
      return Buffer.concat(
        own.map((event) => render.shopper(event, formatCursor({ epoch: to.epoch, seq: event.seq }))),
      );
    }
    if (keptAt !== formatCursor(to)) {
      kept.clear();
      keptAt = formatCursor(to);
    }
    const key = `${topic.view} ${from.seq}`;
    let frame = kept.get(key);
    if (!frame) {
      frame = render.update(topic.view, events, formatCursor(to));
      if (kept.size < KEPT_FRAMES) kept.set(key, frame);
    }
    return frame;
  };
}

const NOTHING = Buffer.alloc(0);
const KEPT_FRAMES = 64;
