import type { Stream } from '../live-stream.ts';
import { openSharedStream } from '../shared-stream.ts';

/**
 * Keeps prices and stock of the open page as they are: by the stream while the page is looked at, and by asking where
 * no stream comes. What is swapped holds nothing that can have the focus, so nobody loses their place.
 */
function followCatalogue(place: HTMLElement): void {
  const { stream: address = '', factsUrl = '', gone = '' } = place.dataset;
  let cursor = place.dataset.cursor;
  let stream: Stream | undefined;
  let etag = cursor && `"${cursor}"`;

  function follow(): void {
    stream = openSharedStream({
      address,
      cursor,
      // Stamps are the same or not.
      lacks: (from, to) => from !== to,
      onMessage({ event, data }) {
        if (event === 'message' || event === 'all') apply(data, event === 'all', gone);
      },
    });
  }

  async function ask(): Promise<void> {
    if (document.hidden || stream?.state === 'live') return;
    try {
      const answer = await fetch(factsUrl, { headers: etag ? { 'If-None-Match': etag } : {} });
      if (answer.status !== 200) return;
      etag = answer.headers.get('ETag') ?? undefined;
      apply(await answer.text(), true, gone);
    } catch {
      // No answer; the next time there may be one.
    }
  }

  // A hidden tab needs no stream.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      cursor = stream?.cursor ?? cursor;
      stream?.close();
      stream = undefined;
    } else if (!stream) follow();
  });
  if (!document.hidden) follow();
  setInterval(() => void ask(), Number(place.dataset.pollSeconds) * 1000);
}

/** @param isAll what is not in it is no longer sold */
function apply(html: string, isAll: boolean, gone: string): void {
  const template = document.createElement('template');
  template.innerHTML = html;
  const news = new Map<string, HTMLElement>();
  for (const facts of template.content.querySelectorAll<HTMLElement>('[data-facts]')) {
    news.set(facts.dataset.facts ?? '', facts);
  }
  for (const shown of document.querySelectorAll<HTMLElement>('[data-facts]')) {
    const id = shown.dataset.facts ?? '';
    const facts = news.get(id) ?? (isAll ? goneFacts(id, gone) : undefined);
    if (!facts || facts.outerHTML === shown.outerHTML) continue;
    shown.replaceWith(facts);
    const isLeft = facts.dataset.left !== '0';
    // On a product's own page; of a whole shelf it would never end.
    if (facts.closest('.product-page')) announce(facts.querySelector('.stock')?.textContent ?? '');
    for (const button of document.querySelectorAll<HTMLButtonElement>(`[data-add="${id}"]`)) button.disabled = !isLeft;
  }
}

function announce(text: string): void {
  const place = document.querySelector('#announce');
  if (place) place.textContent = text;
}

function goneFacts(id: string, word: string): HTMLElement {
  const facts = document.createElement('p');
  facts.className = 'product-facts';
  facts.dataset.facts = id;
  facts.dataset.left = '0';
  const text = document.createElement('span');
  text.className = 'stock none';
  text.textContent = word;
  facts.append(text);
  return facts;
}

const place = document.querySelector<HTMLElement>('#catalogue-live');
if (place) followCatalogue(place);
