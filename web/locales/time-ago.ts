/**
 * How long ago, as short as it stays clear: `il y a 15 s`, `15s ago`. French «narrow» would be a bare `-15 s`.
 * @param ms not negative; a clock that jumped back counts as 0
 */
export function timeAgo(locale: 'fr' | 'en', ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 1) return locale === 'fr' ? 'à l’instant' : 'just now';
  const format = new Intl.RelativeTimeFormat(locale, { style: locale === 'fr' ? 'short' : 'narrow' });
  if (seconds < 60) return format.format(-seconds, 'second');
  if (seconds < 3600) return format.format(-Math.floor(seconds / 60), 'minute');
  return format.format(-Math.floor(seconds / 3600), 'hour');
}
