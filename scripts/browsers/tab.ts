import { eventually } from './eventually.ts';

/** A browser with a profile of its own that is gone with it. */
export interface Browser {
  /** With its version, as the browser itself says it. */
  name: string;
  newTab(): Promise<Tab>;
  /** Errors on the console of any tab, where the engine tells of them. */
  complaints(): readonly string[];
  close(): Promise<void>;
}

/** A page's tab, or a window where the engine shows only one tab of each. */
export interface Tab {
  /** Resolves once the page has loaded. */
  open(url: string): Promise<unknown>;
  /** @returns the value of an expression in the page, as JSON carries it; a promise is waited for */
  evaluate(expression: string): Promise<unknown>;
  /** What hands do: to the page it is a person's doing. */
  act(source: ActionSource): Promise<unknown>;
  /** Of the window in CSS pixels; bars of its own leave somewhat less to the page. */
  resize(width: number, height: number): Promise<unknown>;
  /** A PNG of what stands in view. */
  screenshot(): Promise<Buffer>;
}

/** Alike in both of WebDriver's tongues: https://www.w3.org/TR/webdriver2/#actions */
export interface ActionSource {
  type: 'pointer' | 'key';
  id: string;
  actions: object[];
}

/** Waits until an expression is true in the page, also over its changing to another one. */
export async function until(tab: Tab, expression: string): Promise<void> {
  await eventually(expression, async () => (await tab.evaluate(expression)) === true);
}

/** Presses on the middle of the first element that the selector finds, as soon as there is one that shows. */
export async function click(tab: Tab, selector: string): Promise<void> {
  const element = `document.querySelector(${JSON.stringify(selector)})`;
  await until(tab, `!!${element}?.getClientRects().length`);
  await tab.evaluate(`${element}.scrollIntoView({ block: 'center', behavior: 'instant' })`);
  const box = (await tab.evaluate(`${element}.getClientRects()[0].toJSON()`)) as Record<string, number>;
  const [x, y] = [Math.round((box.left! + box.right!) / 2), Math.round((box.top! + box.bottom!) / 2)];
  const actions = [
    { type: 'pointerMove', x, y },
    { type: 'pointerDown', button: 0 },
    { type: 'pointerUp', button: 0 },
  ];
  await tab.act({ type: 'pointer', id: 'mouse', actions });
}

/** Types into whatever has the focus. */
export async function type(tab: Tab, text: string): Promise<void> {
  const actions = [...text].flatMap((value) => ['keyDown', 'keyUp'].map((type) => ({ type, value })));
  await tab.act({ type: 'key', id: 'keys', actions });
}

/** Clicks into a field and types. */
export async function fillIn(tab: Tab, selector: string, text: string): Promise<void> {
  await click(tab, selector);
  await type(tab, text);
}
