/** What this browser is to remember. One that keeps nothing forgets it with the page. */
const forgotten = new Map<string, string>();

export function recall(name: string): string | undefined {
  try {
    return localStorage.getItem(`msp-${name}`) ?? undefined;
  } catch {
    return forgotten.get(name);
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`msp-${name}`, value);
  } catch {
    forgotten.set(name, value);
  }
}

/** Another tab has written it. */
export function onRemembered(name: string, callback: () => void): void {
  window.addEventListener('storage', ({ key }) => {
    if (key === `msp-${name}`) callback();
  });
}
