/** A toast stays long enough to be read, and as long as somebody is at it. */
const STAY_MS = 6000;

const toasts = document.querySelector<HTMLElement>('#toasts');
let timer: ReturnType<typeof setTimeout> | undefined;

function clearLater(): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (toasts?.matches(':hover, :focus-within')) clearLater();
    else toasts?.replaceChildren();
  }, STAY_MS);
}

if (toasts) new MutationObserver(clearLater).observe(toasts, { childList: true });
