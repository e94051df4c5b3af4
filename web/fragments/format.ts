/** How a shop writes words, times and money. */
export interface ShopFormat {
  locale: 'fr' | 'en';
  timeZone: string;
}

// Making an Intl formatter costs about 50 µs, using one less than 2: the few that a process needs are kept.
const moneyFormats = new Map<string, Intl.NumberFormat>();
const timeFormats = new Map<string, Intl.DateTimeFormat>();
const numberFormats = new Map<string, Intl.NumberFormat>();

/** Language tags: the English of a European shop writes 22 Nov and 14:02. */
const TAGS = { fr: 'fr-FR', en: 'en-GB' } as const;

/** Cents as money: `42,90 €`, `€42.90`. */
export function formatMoney(format: ShopFormat, cents: number, currency: string): string {
  return moneyFormat(format, currency).format(cents / 100);
}

/** How a currency is marked: `€`. */
export function currencySign(format: ShopFormat, currency: string): string {
  const parts = moneyFormat(format, currency).formatToParts(0);
  return parts.find(({ type }) => type === 'currency')?.value ?? currency;
}

/** Without the cents, for sums in which nobody looks for them: `123 689 €`. */
export function formatWholeMoney(format: ShopFormat, cents: number, currency: string): string {
  return moneyFormat(format, currency, 0).format(cents / 100);
}

function moneyFormat(format: ShopFormat, currency: string, maximumFractionDigits?: 0): Intl.NumberFormat {
  const key = `${format.locale} ${currency} ${maximumFractionDigits}`;
  let money = moneyFormats.get(key);
  if (!money) {
    const digits = maximumFractionDigits === undefined ? {} : { maximumFractionDigits };
    money = new Intl.NumberFormat(TAGS[format.locale], { style: 'currency', currency, ...digits });
    moneyFormats.set(key, money);
  }
  return money;
}

export function formatNumber(format: ShopFormat, value: number): string {
  let number = numberFormats.get(format.locale);
  if (!number) {
    number = new Intl.NumberFormat(TAGS[format.locale]);
    numberFormats.set(format.locale, number);
  }
  return number.format(value);
}

const TIME_PARTS = {
  /** `14:02` */
  clock: { hour: '2-digit', minute: '2-digit' },
  /** `22 nov.` */
  day: { day: 'numeric', month: 'short' },
  /** `22 novembre 2026 à 14:02` */
  full: { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  /** `dim. 22` */
  weekday: { weekday: 'short', day: 'numeric' },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

/** An instant in the shop's own time zone. */
export function formatTime(format: ShopFormat, instant: string | Date, parts: keyof typeof TIME_PARTS): string {
  const key = `${format.locale} ${format.timeZone} ${parts}`;
  let time = timeFormats.get(key);
  if (!time) {
    time = new Intl.DateTimeFormat(TAGS[format.locale], { timeZone: format.timeZone, ...TIME_PARTS[parts] });
    timeFormats.set(key, time);
  }
  return time.format(typeof instant === 'string' ? new Date(instant) : instant);
}
