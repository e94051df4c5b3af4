import type { PropsWithChildren } from 'hono/jsx';
import { lineTotalCents } from '../../shared/contracts/money.ts';
import type { ShopperOrder } from '../../shared/contracts/order.ts';
import { orderLinesWords } from '../locales/order-lines.ts';
import { formatMoney, type ShopFormat } from './format.ts';

interface OrderLinesProps {
  format: ShopFormat;
  order: Pick<ShopperOrder, 'lines' | 'currency'>;
}

/** What was ordered, a line a row, as the shopper and the desk read it; children are the rows below it. */
export function OrderLines({ format, order, children }: PropsWithChildren<OrderLinesProps>) {
  const words = orderLinesWords(format.locale);
  const money = (cents: number) => formatMoney(format, cents, order.currency);
  return (
    <table class="line-table">
      <thead>
        <tr>
          <th scope="col">{words.article}</th>
          <th scope="col" class="end">
            {words.quantity}
          </th>
          <th scope="col" class="end unit-price">
            {words.unitPrice}
          </th>
          <th scope="col" class="end">
            {words.lineTotal}
          </th>
        </tr>
      </thead>
      <tbody hx-ignore>
        {order.lines.map((line) => (
          <tr>
            <th scope="row">{line.name}</th>
            <td class="end number">{line.quantity}</td>
            <td class="end money unit-price">{money(line.unitPriceCents)}</td>
            <td class="end money">{money(lineTotalCents(line))}</td>
          </tr>
        ))}
      </tbody>
      {children && <tfoot>{children}</tfoot>}
    </table>
  );
}
