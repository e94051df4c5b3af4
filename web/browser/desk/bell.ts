import { onRemembered, recall, remember } from './remember.ts';

/** What comes within this time is one burst, and rings once. */
const BURST_MS = 3_000;
const REPEAT_MS = 15_000;
/** Nobody is there: after this long a bell is noise. */
const MAX_REPEAT_MS = 30 * 60_000;

export interface Bell {
  /** Orders have arrived. */
  ring(ids: readonly number[]): void;
  /** Somebody has opened, taken or passed on the order: for it the bell rings no more. */
  attended(id: number): void;
}

/**
 * The sound of a new order: off until it is asked for, from one tab only, and again until somebody attends to it.
 *
 * Browsers let a page sound only once somebody has clicked in it. So it is not the tab that reads the stream which
 * rings, but any one that may: those that may queue for a lock. While none may, the page in front says so.
 */
export function hangBell(): Bell {
  const button = document.getElementById('sound') as HTMLButtonElement;
  const repeat = document.getElementById('sound-repeat') as HTMLInputElement;
  const warning = document.getElementById('sound-blocked') as HTMLElement;
  const waitingSince = new Map<number, number>();
  let audio: AudioContext | undefined;
  let rangAt = Number.NEGATIVE_INFINITY;
  let isRinger = false;
  let turn: AbortController | undefined;

  const isOn = () => recall('sound') === 'on';
  const isAllowed = () => audio?.state === 'running';

  button.addEventListener('click', () => {
    remember('sound', isOn() ? 'off' : 'on');
    follow();
    // Heard at once, so that nobody has to wait for an order to know.
    if (isOn()) void audio?.resume().then(chime);
  });
  repeat.addEventListener('change', () => remember('sound-repeat', repeat.checked ? 'on' : 'off'));
  onRemembered('sound', follow);
  onRemembered('sound-repeat', showSettings);
  // A finger has pressed once it is lifted, a mouse at once.
  for (const type of ['pointerdown', 'pointerup', 'keydown'] as const) {
    window.addEventListener(type, () => isOn() && !isAllowed() && audio?.resume(), { passive: true });
  }
  document.addEventListener('visibilitychange', () => void warn());
  document.addEventListener('freeze', () => turn?.abort());
  document.addEventListener('resume', follow);
  setInterval(() => {
    ringAgain();
    // The tab that rang may have been closed.
    if (isOn() && !isAllowed()) void warn();
  }, 1000);
  follow();

  function follow(): void {
    showSettings();
    if (isOn() && !audio) {
      audio = new AudioContext();
      audio.addEventListener('statechange', follow);
    }
    if (isOn() && isAllowed()) queue();
    else turn?.abort();
    void warn();
  }

  function showSettings(): void {
    button.textContent = (isOn() ? button.dataset.off : button.dataset.on) ?? '';
    repeat.checked = recall('sound-repeat') !== 'off';
  }

  function queue(): void {
    if (turn && !turn.signal.aborted) return;
    const mine = new AbortController();
    turn = mine;
    const hold = async () => {
      isRinger = true;
      await new Promise((resolve) => mine.signal.addEventListener('abort', resolve));
      isRinger = false;
    };
    if (navigator.locks) navigator.locks.request('msp bell', { signal: mine.signal }, hold).catch(() => {});
    else void hold();
  }

  /** Not in a tab that nobody looks at, nor while another one rings. */
  async function warn(): Promise<void> {
    const isSilent = () => isOn() && !isAllowed() && document.visibilityState === 'visible';
    const { held = [] } = (isSilent() && (await navigator.locks?.query())) || {};
    // Asked once more, because meanwhile it may have begun to sound.
    warning.hidden = !isSilent() || held.some(({ name }) => name === 'msp bell');
  }

  function chime(): void {
    if (!audio || !isAllowed()) return;
    rangAt = performance.now();
    note(audio, 880, 0);
    note(audio, 1174.66, 0.16);
  }

  function ringAgain(): void {
    if (!isRinger || recall('sound-repeat') === 'off') return;
    const now = Date.now();
    for (const [id, since] of waitingSince) if (now - since > MAX_REPEAT_MS) waitingSince.delete(id);
    if (waitingSince.size > 0 && performance.now() - rangAt > REPEAT_MS) chime();
  }

  return {
    ring(ids) {
      // Every tab counts, whichever rings now: another one may have to go on.
      for (const id of ids) waitingSince.set(id, Date.now());
      if (isRinger && performance.now() - rangAt > BURST_MS) chime();
    },
    attended: (id) => waitingSince.delete(id),
  };
}

/** One soft stroke of half a second. */
function note(audio: AudioContext, hz: number, delayS: number): void {
  const start = audio.currentTime + delayS;
  const oscillator = new OscillatorNode(audio, { type: 'sine', frequency: hz });
  const volume = new GainNode(audio, { gain: 0 });
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.35, start + 0.01);
  volume.gain.exponentialRampToValueAtTime(0.001, start + 0.5);
  oscillator.connect(volume).connect(audio.destination);
  oscillator.start(start);
  oscillator.stop(start + 0.5);
}
