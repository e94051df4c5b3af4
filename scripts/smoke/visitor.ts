export interface Page {
  status: number;
  /** The address that the answer redirects to, whole; empty when it does not. */
  location: string;
  html: string;
}

const DEADLINE_MS = 15_000;

/** A browser without scripts, as far as a shop's forms need one: cookies, one origin, no redirects followed. */
export class Visitor {
  readonly origin: string;
  readonly #cookies = new Map<string, string>();

  /** @param origin such as `http://localhost:8000`, without a path */
  constructor(origin: string) {
    this.origin = new URL(origin).origin;
  }

  get cookieHeader(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  get(path: string): Promise<Page> {
    return this.#send(path, {});
  }

  post(path: string, fields: Record<string, string>): Promise<Page> {
    return this.#send(path, {
      method: 'POST',
      // Every browser names the origin of a form.
      headers: { Origin: this.origin },
      body: new URLSearchParams(fields),
    });
  }

  async #send(
    path: string,
    init: { method?: string; headers?: Record<string, string>; body?: URLSearchParams },
  ): Promise<Page> {
    const response = await fetch(new URL(path, this.origin), {
      ...init,
      headers: { ...init.headers, Cookie: this.cookieHeader },
      redirect: 'manual',
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    const location = response.headers.get('location');
    return {
      status: response.status,
      location: location ? new URL(location, this.origin).href : '',
      html: await response.text(),
    };
  }

  #keep(cookie: string): void {
    const [pair = '', ...attributes] = cookie.split(';');
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const expired = attributes.some((attribute) => /^\s*max-age=0$/i.test(attribute));
    if (expired) this.#cookies.delete(name.trim());
    else this.#cookies.set(name.trim(), value.trim());
  }
}

/** The hidden fields of the form that posts to this path; undefined when the page has no such form. */
export function hiddenFields(html: string, action: string): Record<string, string> | undefined {
  const form = [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].find((match) =>
    match[1]?.includes(`action="${action}"`),
  );
  if (!form) return undefined;
  const fields: Record<string, string> = {};
  for (const [input] of (form[2] as string).matchAll(/<input\b[^>]*>/g)) {
    const name = /\bname="([^"]*)"/.exec(input)?.[1];
    if (name && input.includes('type="hidden"')) fields[name] = /\bvalue="([^"]*)"/.exec(input)?.[1] ?? '';
  }
  return fields;
}
