import { drawnOnce } from '../drawn-once.ts';
import { deskAlertWords } from '../locales/desk-alerts.ts';

/** What tells of orders beside the table: sound, notifications; and the keyboard. All of it is the browser's own. */
export const AlertsMenu = drawnOnce(({ site }) => {
  const words = deskAlertWords(site.locale);
  return (
    <details id="alerts" class="table-menu with-script">
      <summary class="button small tool">
        <span aria-hidden="true">🔔</span> <span class="tool-word">{words.menu}</span>
      </summary>
      <div class="table-menu-panel alerts-panel">
        <h2>{words.sound}</h2>
        <button id="sound" type="button" class="button small" data-on={words.soundOn} data-off={words.soundOff}>
          {words.soundOn}
        </button>
        <label class="choice">
          <input id="sound-repeat" type="checkbox" autocomplete="off" /> {words.repeat}
        </label>
        <h2>{words.notify}</h2>
        <button
          id="notify"
          type="button"
          class="button small"
          data-on={words.notifyOn}
          data-off={words.notifyOff}
          aria-describedby="notify-hint"
        >
          {words.notifyOn}
        </button>
        <p id="notify-hint" class="muted small" role="status">
          {words.notifyHint}
        </p>
        <h2>{words.keyboard}</h2>
        <label class="choice">
          <input id="shortcuts" type="checkbox" autocomplete="off" /> {words.shortcuts}
        </label>
        <button id="show-shortcuts" type="button" class="button small">
          {words.showShortcuts}
        </button>
      </div>
    </details>
  );
});

/** What is wrong, until it no longer is. It covers a little of the page, because nothing may move under a hand. */
export const AlertNotes = drawnOnce(({ site }) => {
  const words = deskAlertWords(site.locale);
  return (
    <aside class="desk-notes" aria-label={words.menu}>
      <p id="sound-blocked" class="alert warning" hidden>
        <span aria-hidden="true">🔇</span> {words.blocked}
      </p>
      <p id="offline-note" class="alert warning" hidden />
    </aside>
  );
});

const KEYS = [
  ['search', ['/']],
  ['move', ['j', 'k']],
  ['open', ['Enter']],
  ['pick', ['x']],
  ['fresh', ['n']],
  ['undo', ['z']],
  ['refresh', ['r']],
  ['orders', ['g', 'o']],
  ['dashboard', ['g', 'd']],
  ['help', ['?']],
] as const;

export const ShortcutsDialog = drawnOnce(({ site }) => {
  const words = deskAlertWords(site.locale);
  return (
    <dialog id="shortcuts-help" class="confirm-dialog" aria-labelledby="shortcuts-heading">
      <h2 id="shortcuts-heading">{words.shortcuts}</h2>
      <dl class="shortcuts">
        {KEYS.map(([name, keys]) => (
          <div>
            <dt>
              {keys.map((key, index) => (
                <>
                  {index > 0 && <span class="muted"> {keys[0] === 'g' ? words.andThen : '/'} </span>}
                  <kbd>{key}</kbd>
                </>
              ))}
            </dt>
            <dd>{words.keys[name]}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog" class="dialog-steps">
        <button type="submit" class="button">
          {words.close}
        </button>
      </form>
    </dialog>
  );
});
