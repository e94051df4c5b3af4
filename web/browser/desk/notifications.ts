import { deskAlertWords } from '../../locales/desk-alerts.ts';
import { onRemembered, recall, remember } from './remember.ts';
import { locale } from './words.ts';

const words = deskAlertWords(locale);

export interface Notifications {
  /** @param rows of orders that have just arrived */
  tell(rows: readonly HTMLElement[]): void;
}

/**
 * Notifications of the computer, for when no tab of the desk is visible. Browsers are asked for them on a click only.
 * @param isSpeaker whether this is the one tab of the browser that tells
 */
export function offerNotifications(isSpeaker: () => boolean): Notifications {
  const button = document.getElementById('notify') as HTMLButtonElement;
  const hint = document.getElementById('notify-hint') as HTMLElement;
  const isKnown = 'Notification' in window;
  const isOn = () => isKnown && recall('notify') === 'on' && Notification.permission === 'granted';

  button.addEventListener('click', async () => {
    const isWanted = !isOn() && (await Notification.requestPermission()) === 'granted';
    remember('notify', isWanted ? 'on' : 'off');
    show();
  });
  onRemembered('notify', show);
  keepSeen();
  show();

  function show(): void {
    button.disabled = !isKnown;
    button.textContent = (isOn() ? button.dataset.off : button.dataset.on) ?? '';
    const text = !isKnown
      ? words.notifyNone
      : Notification.permission === 'denied'
        ? words.notifyDenied
        : words.notifyHint;
    if (hint.textContent !== text) hint.textContent = text;
  }

  return {
    async tell(rows) {
      const [first] = rows;
      if (!first || !isOn() || !isSpeaker() || (await isSeen())) return;
      const { number = '', total = '' } = first.dataset;
      try {
        const title = rows.length > 1 ? words.arrivedMany(rows.length) : words.arrived;
        // With one tag a burst is one notification.
        const notification = new Notification(title, { body: `${number} · ${total}`, tag: 'msp-arrival' });
        notification.addEventListener('click', () => {
          window.focus();
          location.assign(rows.length > 1 ? '/admin/orders' : `/admin/orders/${number}`);
        });
      } catch {
        // Chrome on Android lets only service workers notify.
      }
    },
  };
}

/** Each visible tab holds a share of one lock, so that the others can see that somebody looks. */
function keepSeen(): void {
  let hidden: (() => void) | undefined;
  const follow = () => {
    if (document.visibilityState !== 'visible') {
      hidden?.();
      hidden = undefined;
    } else if (!hidden) {
      void navigator.locks?.request('msp seen', { mode: 'shared' }, () => {
        return new Promise<void>((resolve) => {
          hidden = resolve;
          if (document.visibilityState !== 'visible') resolve();
        });
      });
    }
  };
  document.addEventListener('visibilitychange', follow);
  follow();
}

async function isSeen(): Promise<boolean> {
  if (document.visibilityState === 'visible') return true;
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return held.some(({ name }) => name === 'msp seen');
}
