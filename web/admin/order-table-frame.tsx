import { raw } from 'hono/html';
import type { Child, PropsWithChildren } from 'hono/jsx';
import type { OrderList } from '../../shared/contracts/order.ts';
import type { View } from '../../shared/contracts/status.ts';
import type { Site } from '../deps.ts';
import { renderOrderRow } from '../fragments/order-row.ts';
import { deskWords } from '../locales/desk.ts';

/** On a phone the rows are cards by CSS, and a table that is no longer displayed as one loses its meaning. */
const KEEP = {
  table: { role: 'table' },
  rowgroup: { role: 'rowgroup' },
  row: { role: 'row' },
  columnheader: { role: 'columnheader' },
} as const;

interface OrderTableFrameProps {
  site: Site;
  list: OrderList;
  view: View;
  /** Beside `order-table`: how large, and without which columns. */
  class: string;
  caption: string;
  /** Where the table asks for its rows anew, and how often by itself, in seconds. */
  rowsPath: string;
  pollSeconds: number;
  /** What stands above the boxes that pick a row. */
  pick?: Child;
  /** What else the page has to know about these rows: see desk/order-rows.ts. */
  rowsData?: Record<`data-${string}`, string | number | undefined>;
}

/** The live table with its pill for what waits above it; its children are what it says when it holds no row. */
export function OrderTableFrame({
  site,
  list,
  view,
  caption,
  rowsPath,
  ...frame
}: PropsWithChildren<OrderTableFrameProps>) {
  const columns = Object.entries(deskWords(site.locale).orders.columns);
  return (
    <div class="order-table-frame">
      <button id="waiting-pill" type="button" class="waiting-pill" hidden />
      <table
        id="order-table"
        class={`order-table ${frame.class}`}
        {...KEEP.table}
        hx-get={rowsPath}
        hx-trigger={`every ${frame.pollSeconds}s, desk:ask`}
        hx-swap="none"
      >
        <caption class="visually-hidden">{caption}</caption>
        <thead {...KEEP.rowgroup}>
          <tr {...KEEP.row}>
            <th {...KEEP.columnheader} scope="col" class="order-pick">
              {frame.pick}
            </th>
            {columns.map(([name, word]) => (
              <th {...KEEP.columnheader} scope="col" class={`order-${name}`}>
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody
          id="order-rows"
          {...KEEP.rowgroup}
          data-view={view}
          data-newest={list.newest ?? ''}
          data-time-zone={site.timeZone}
          {...frame.rowsData}
        >
          {raw(renderRows(list, view, site))}
        </tbody>
      </table>
      <div class="order-table-empty">{frame.children}</div>
    </div>
  );
}

export function renderRows(list: OrderList, view: View, site: Site): string {
  return list.orders.map((order) => renderOrderRow(order, view, true, site)).join('');
}
