/**
 * What Lighthouse would say against the page that stands open, beyond what axe looks at: evaluated in the page, as a
 * string because pages allow no eval. One sentence a fault.
 */
export const PAGE_FAULTS = `(() => {
  const faults = [];
  const say = (isFault, sentence) => { if (isFault) faults.push(sentence); };
  const meta = (name) => document.querySelector('meta[name="' + name + '"]')?.content;
  const short = (element) => element.outerHTML.slice(0, 90);
  say(document.compatMode !== 'CSS1Compat', 'no doctype');
  say(document.characterSet !== 'UTF-8', 'not UTF-8');
  say(!/^(fr|en)$/.test(document.documentElement.lang), 'no language');
  say(document.title.trim().length < 4, 'no title');
  say(!/width=device-width/.test(meta('viewport') ?? ''), 'no viewport');
  say(/user-scalable|maximum-scale/.test(meta('viewport') ?? ''), 'cannot be enlarged');
  say(!/noindex/.test(meta('robots') ?? '') && !(meta('description')?.length > 30), 'for search engines, undescribed');
  say(document.querySelectorAll('h1').length !== 1, document.querySelectorAll('h1').length + ' main headings');
  say(document.documentElement.scrollWidth > innerWidth, 'wider than the screen');

  for (const image of document.images) {
    say(!image.hasAttribute('width') || !image.hasAttribute('height'), 'no place kept for ' + short(image));
    if (!image.complete || image.getBoundingClientRect().top > innerHeight) continue;
    say(image.naturalWidth === 0, 'not shown: ' + short(image));
    const squeezed = (image.clientWidth / image.clientHeight) / (image.naturalWidth / image.naturalHeight);
    say(Math.abs(squeezed - 1) > 0.02 && getComputedStyle(image).objectFit === 'fill', 'distorted: ' + short(image));
  }

  const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const hidden = (element) => element.closest('.visually-hidden, .skip-link, [aria-hidden="true"]');
  // WCAG 2.2, 2.5.8: 24 pixels, or nothing else to press so near; links within a sentence are as high as its lines. What
  // thumbs press in the shop is larger. A field is also pressed by its label.
  const covered = (element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    const top = document.elementFromPoint(x + width / 2, y + height / 2);
    return top !== null && !element.contains(top) && !top.contains(element);
  };
  const inline = (element) =>
    getComputedStyle(element).display === 'inline' && element.parentElement.textContent.trim() !== element.textContent.trim();
  // Behind an open dialog nothing can be pressed.
  const pressable = [...document.querySelectorAll('dialog:modal')].at(-1) ?? document;
  const targets = [...pressable.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter((element) => seen(element) && !hidden(element) && !inline(element) && !covered(element))
    .map((element) => {
      const labels = [...(element.labels ?? [])].filter((label) => label.contains(element));
      return { element, box: (labels[0] ?? element).getBoundingClientRect() };
    });
  const isNear = ({ x, y, width, height }, { left, right, top, bottom }) => {
    const [across, down] = [x + width / 2, y + height / 2];
    return left < across + 12 && right > across - 12 && top < down + 12 && bottom > down - 12;
  };
  const byThumb = document.body.matches('.shop') && innerWidth < 640;
  for (const { element, box } of targets) {
    const isSmall = box.width < 24 || box.height < 24;
    const isCrowded = isSmall && targets.some((other) => other.element !== element && isNear(box, other.box));
    const isForThumbs = byThumb && element.matches('button, .button, input, select, textarea');
    const size = Math.round(box.width) + ' by ' + Math.round(box.height) + ': ' + short(element);
    say(isCrowded, 'too small to press, ' + size);
    say(isForThumbs && box.height < 44, 'too small for a thumb, ' + size);
  }

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { parentElement, data } = texts.currentNode;
    if (!data.trim() || !seen(parentElement) || hidden(parentElement)) continue;
    const px = Number.parseFloat(getComputedStyle(parentElement).fontSize);
    say(px < 12, 'letters of ' + px + ' px: ' + data.trim().slice(0, 40));
  }
  return faults;
})()`;
