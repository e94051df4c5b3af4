import htmx, { type HtmxRequestCtx } from 'htmx.org';
import { currentCursor } from './cursor.ts';
import { lacksRows } from './live-state.ts';
import { showError } from './toasts.ts';
import { words } from './words.ts';

/** However often news come, the page asks for itself at most this often. */
const MIN_PAUSE_MS = 2_000;
/** All pages hear the same news at the same instant; they do not ask at the same instant. */
const JITTER_MS = 1_500;

const poll = () => document.getElementById('order-table') ?? document.getElementById('poll');

let askedAt = Number.NEGATIVE_INFINITY;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Has the page's poll asked soon, apart from its regular turns. */
export function askSoon(): void {
  if (timer !== undefined) return;
  const pause = Math.max(0, askedAt + MIN_PAUSE_MS - performance.now());
  timer = setTimeout(
    () => {
      timer = undefined;
      askedAt = performance.now();
      const element = poll();
      if (element) htmx.trigger(element, 'desk:ask', {}, false);
    },
    pause + Math.random() * JITTER_MS,
  );
}

/** Tells the server what the page has, with every poll, and tells the page how the poll went. */
export function watchPolls(onEnd: (worked: boolean, ctx: HtmxRequestCtx) => void): void {
  document.addEventListener('htmx:config:request', (event) => {
    const { ctx } = event.detail;
    if (ctx.sourceElement !== poll()) return;
    const query = ctx.request.body as FormData;
    for (const [name, value] of Object.entries(whatIsShown())) if (value) query.set(name, value);
  });
  document.addEventListener('htmx:after:request', (event) => {
    const { ctx } = event.detail;
    const status = ctx.response?.status ?? 0;
    if (isQuestion(ctx)) onEnd(status >= 200 && status < 400, ctx);
  });
  document.addEventListener('htmx:error', (event) => {
    const { ctx } = event.detail;
    if (!ctx) return;
    if (isQuestion(ctx)) onEnd(false, ctx);
    if (ctx.sourceElement !== poll()) showError(words.notSaved);
  });
}

function isQuestion({ sourceElement }: HtmxRequestCtx): boolean {
  return sourceElement === poll() || sourceElement.id === 'refresh';
}

/** «Nothing new since this» is answered 204. */
function whatIsShown(): Record<string, string | undefined> {
  const detail = document.getElementById('order-detail');
  if (detail) return { version: detail.dataset.version };
  const figures = document.getElementById('figures');
  if (figures) return { after: figures.dataset.cursor, day: figures.dataset.day };
  return { after: lacksRows() ? undefined : currentCursor() };
}
