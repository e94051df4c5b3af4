import type { OrderEvent } from '../../shared/contracts/event.ts';
import type { View } from '../../shared/contracts/status.ts';
import type { Logger } from '../../shared/process/log.ts';
import { gatherUpdate } from '../../web/fragments/gather-update.ts';
import type { LiveUpdate } from '../../web/fragments/live-update.tsx';
import type { NotifierMetrics } from './metrics.ts';
import { messageFrame, resetFrame } from './sse-frame.ts';

/** How changes become HTML; the pages own this, see web/fragments. */
export interface Render {
  update(update: LiveUpdate): string;
  shopper(event: OrderEvent): string;
}

/** How changes become frames. */
export interface RenderFrames {
  /** @param events at least one, dense, oldest first; @param cursor the place of the last of them */
  update(view: View, events: readonly OrderEvent[], cursor: string): Buffer;
  shopper(event: OrderEvent, cursor: string): Buffer;
}

/** An order that cannot be drawn must not stop the stream or be passed over: the page is told to refetch instead. */
export function renderFrames(render: Render, metrics: NotifierMetrics, logger: Logger): RenderFrames {
  const orReset = (cursor: string, draw: () => string): Buffer => {
    try {
      return messageFrame(cursor, draw());
    } catch (error) {
      logger.error({ err: error, cursor }, 'a frame could not be rendered');
      return resetFrame(cursor);
    }
  };
  return {
    update(view, events, cursor) {
      const update = gatherUpdate(view, events, cursor);
      metrics.frameRows.observe(update.rows.length);
      return orReset(cursor, () => render.update(update));
    },
    shopper: (event, cursor) => orReset(cursor, () => render.shopper(event)),
  };
}
