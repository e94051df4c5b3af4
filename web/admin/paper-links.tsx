import { may, type Role } from '../../shared/contracts/role.ts';
import type { Site } from '../deps.ts';
import { paperWords } from '../locales/paper.ts';
import { exportPath } from './export-orders.ts';
import type { Place } from './order-place.ts';
import { printPath } from './print-orders.tsx';

/** What leads from the table to paper and to a file: the page that is shown, and the whole list. */
export function PaperLinks({ site, role, place }: { site: Site; role: Role; place: Place }) {
  const words = paperWords(site.locale);
  return (
    <>
      <a class="button small" href={printPath(place)} title={words.printHint}>
        {words.print}
      </a>
      {may(role, 'export_orders') && (
        <a class="button small" href={exportPath(place.filter)} title={words.exportHint}>
          {words.export}
        </a>
      )}
    </>
  );
}
