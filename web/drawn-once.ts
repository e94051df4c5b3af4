import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { Site } from './deps.ts';

/**
 * A part of a page that is the same whatever the page shows, drawn when it is first needed and kept as text: most of
 * what a page of the desk consists of beside its rows.
 *
 * @param draw what it takes beside the site are words out of short lists: each combination is kept
 */
export function drawnOnce<Props extends Record<string, string | undefined> = Record<never, never>>(
  draw: (props: Props & { site: Site }) => Child,
): (props: Props & { site: Site }) => HtmlEscapedString {
  const drawn = new WeakMap<Site, Map<string, HtmlEscapedString>>();
  return (props) => {
    const { site, ...words } = props;
    const kept = drawn.get(site) ?? new Map<string, HtmlEscapedString>();
    if (kept.size === 0) drawn.set(site, kept);
    const key = JSON.stringify(words);
    const part = kept.get(key) ?? raw(String(draw(props)));
    kept.set(key, part);
    return part;
  };
}
