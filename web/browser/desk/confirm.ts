import type { HtmxRequestCtx } from 'htmx.org';
import { words } from './words.ts';

/** Asks before a button that says so (`data-confirm`), in a dialog that does not stop the page as `confirm()` does. */
export function confirmBeforeSending(): void {
  document.addEventListener('htmx:config:request', (event) => {
    const ctx = event.detail.ctx as HtmxRequestCtx & { confirm?: string };
    const question = (ctx.request.submitter as HTMLElement | null | undefined)?.dataset?.confirm;
    if (!question) return;
    ctx.confirm = question;
    // The server asks by itself whoever has no JavaScript; here it has been asked.
    (ctx.request.body as FormData).set('confirmed', '1');
  });
  document.addEventListener('htmx:confirm', (event) => {
    const { ctx, issueRequest, dropRequest } = event.detail;
    event.preventDefault();
    ask((ctx as HtmxRequestCtx & { confirm: string }).confirm).then((yes) => (yes ? issueRequest() : dropRequest()));
  });
}

/** @param yes what the button says that does it */
export function ask(question: string, yes: string = words.confirm): Promise<boolean> {
  const dialog = document.createElement('dialog');
  dialog.className = 'confirm-dialog';
  const text = document.createElement('p');
  text.id = 'confirm-question';
  text.textContent = question;
  dialog.setAttribute('aria-labelledby', text.id);
  const form = document.createElement('form');
  form.method = 'dialog';
  form.className = 'dialog-steps';
  form.append(button(words.keep, '', 'button'), button(yes, 'yes', 'button danger'));
  dialog.append(text, form);
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    dialog.showModal();
  });
}

function button(label: string, value: string, className: string): HTMLButtonElement {
  const element = document.createElement('button');
  element.textContent = label;
  element.value = value;
  element.className = className;
  return element;
}
