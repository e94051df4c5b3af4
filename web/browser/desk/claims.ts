import { teamworkWords } from '../../locales/teamwork.ts';
import { locale } from './words.ts';

const words = teamworkWords(locale).claim;

/** A claim lasts 90 s without this. */
const RENEW_MS = 20_000;
/** This tab's, also on the pages that it will show next; gone with the tab, and the claims after it. */
const STORE = 'msp-claims';

/**
 * Keeps this tab's orders claimed while it is open, and shows which rows are one's own: rows are the same for
 * everybody, and so cannot say it themselves.
 */
export function keepClaims(body: HTMLElement | null): void {
  const me = document.getElementById('live-state')?.dataset.admin;
  if (body && me) {
    const mark = () => {
      for (const row of body.querySelectorAll<HTMLElement>(`:scope > [data-claim="${me}"]:not([data-mine])`)) {
        markMine(row);
      }
    };
    new MutationObserver(mark).observe(body, { childList: true });
    mark();
  }
  noteOwnClaims();
  const renewAll = () => void renew(me);
  setInterval(renewAll, RENEW_MS);
  renewAll();
}

function markMine(row: HTMLElement): void {
  row.dataset.mine = '';
  const name = row.querySelector('.order-claim bdi');
  if (name) name.textContent = words.you;
  const button = row.querySelector<HTMLButtonElement>('[data-part="claim"]');
  if (!button?.firstChild) return;
  button.value = 'release';
  button.firstChild.textContent = words.release;
}

/**
 * What is taken here is held by this tab, and by no other of the same admin. Noted as soon as it is asked for, because
 * the page may be gone before the answer comes; what was refused is found out by the next renewal.
 */
function noteOwnClaims(): void {
  const asked = new WeakMap<object, { number: string; claim: string }>();
  document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
    const number = /^\/admin\/orders\/([\w-]+)\/status$/.exec(new URL(ctx.request.action, location.href).pathname)?.[1];
    const claim = number && ctx.request.body instanceof FormData ? ctx.request.body.get('claim') : null;
    if (!number || typeof claim !== 'string') return;
    asked.set(ctx, { number, claim });
    note({ number, claim });
  });
  document.addEventListener('htmx:after:request', ({ detail: { ctx } }) => {
    const wish = asked.get(ctx);
    // A renewal that was under way did not know of it yet.
    if (wish && ctx.response?.status === 200) note(wish);
  });
}

function note({ number, claim }: { number: string; claim: string }): void {
  const held = readHeld();
  if (claim === 'release') held.delete(number);
  else held.add(number);
  writeHeld(held);
}

/** Whoever is signed in: what somebody else took in this tab before is not renewed, and forgotten. */
async function renew(me: string | undefined): Promise<void> {
  const own = document.getElementById('order-detail');
  const asked = [...readHeld()];
  if (me && own?.dataset.claim === me && own.dataset.number) asked.push(own.dataset.number);
  if (asked.length === 0) return;
  try {
    const response = await fetch('/admin/claims', {
      method: 'POST',
      body: new URLSearchParams({ numbers: asked.join(',') }),
    });
    if (!response.ok) return;
    const { held } = (await response.json()) as { held: string[] };
    const now = readHeld();
    for (const number of asked) if (!held.includes(number)) now.delete(number);
    writeHeld(now);
  } catch {
    // No network: the next turn tries again, and a lease outlives some of them.
  }
}

function readHeld(): Set<string> {
  try {
    return new Set(JSON.parse(sessionStorage.getItem(STORE) ?? '[]') as string[]);
  } catch {
    return new Set();
  }
}

function writeHeld(held: ReadonlySet<string>): void {
  try {
    sessionStorage.setItem(STORE, JSON.stringify([...held]));
  } catch {
    // A browser that keeps nothing: the claim ends by itself.
  }
}
