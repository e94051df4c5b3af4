import { scaleBand, scaleLinear } from 'd3-scale';
import type { DayStats } from '../../shared/contracts/stats.ts';
import type { Site } from '../deps.ts';
import { formatMoney, formatNumber, formatTime, formatWholeMoney } from '../fragments/format.ts';
import { dashboardWords } from '../locales/dashboard.ts';

/** In per cent of the chart's height: room for a label above the highest tick, and for days below. */
const TOP = 8;
const BOTTOM = 87;
/** Days that are named: as many as find room on a phone. */
const MAX_NAMED = 7;
const NAMED_OF_MANY = 5;

interface SalesChartProps {
  site: Site;
  days: readonly DayStats[];
  currency: string;
  /** Days of the period that the page is about stand out. */
  isShown: (day: string) => boolean;
}

/**
 * Revenue by day as bars. Everything is placed in per cent, so the chart takes whatever room there is while its letters
 * keep their size. The colours are the style sheet's. The same figures stand in the table below it.
 */
export function SalesChart({ site, days, currency, isShown }: SalesChartProps) {
  const words = dashboardWords(site.locale);
  const money = (cents: number) => formatMoney(site, cents, currency);
  const most = Math.max(...days.map(({ revenueCents }) => revenueCents));
  const best = days.find(({ revenueCents }) => revenueCents === most);
  const total = days.reduce((sum, { revenueCents }) => sum + revenueCents, 0);
  // In whole units, so that ticks are round in them, and at least so many that ticks are whole.
  const y = scaleLinear([0, Math.max(most / 100, 4)], [BOTTOM, TOP]).nice(4);
  const x = scaleBand(
    days.map(({ day }) => day),
    [0, 100],
  ).padding(0.25);
  const every = days.length > MAX_NAMED ? Math.ceil(days.length / NAMED_OF_MANY) : 1;
  const percent = (value: number) => `${value.toFixed(2)}%`;
  return (
    <div class="sales-chart">
      <svg class="sales-axis" aria-hidden="true">
        {y.ticks(4).map((tick) => (
          <text x="100%" y={percent(y(tick))} dy="0.32em" text-anchor="end">
            {formatWholeMoney(site, 100 * tick, currency)}
          </text>
        ))}
      </svg>
      <svg class="sales-bars" role="img" aria-labelledby="chart-title chart-text">
        <title id="chart-title">{words.chart}</title>
        <desc id="chart-text">
          {best && most > 0
            ? words.chartText(money(total), money(most), dayWords(site, best.day, 'weekday'))
            : words.chartEmpty}
        </desc>
        {y.ticks(4).map((tick) => (
          <line x1="0" x2="100%" y1={percent(y(tick))} y2={percent(y(tick))} />
        ))}
        {days.map(({ day, orders, revenueCents }, i) => {
          const left = x(day) as number;
          const top = y(revenueCents / 100);
          const isNamed = (days.length - 1 - i) % every === 0;
          return (
            <>
              <rect
                class={isShown(day) ? 'shown' : undefined}
                x={percent(left)}
                width={percent(x.bandwidth())}
                y={percent(top)}
                height={percent(BOTTOM - top)}
                rx="2"
              >
                <title>
                  {words.chartDay(dayWords(site, day, 'weekday'), formatNumber(site, orders), money(revenueCents))}
                </title>
              </rect>
              {isNamed && (
                <text
                  class={(days.length - 1 - i) % 2 === 1 ? 'second' : undefined}
                  x={percent(left + x.bandwidth() / 2)}
                  y="99%"
                  text-anchor="middle"
                >
                  {dayWords(site, day, days.length > MAX_NAMED ? 'day' : 'weekday')}
                </text>
              )}
            </>
          );
        })}
      </svg>
    </div>
  );
}

/** A day of the shop in words. Noon, so that no time zone moves it. */
export function dayWords(site: Site, day: string, parts: 'weekday' | 'day'): string {
  return formatTime({ ...site, timeZone: 'UTC' }, `${day}T12:00:00Z`, parts);
}
