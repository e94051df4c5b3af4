import type { PartName } from '../arguments.ts';
import type { Figures } from '../figures.ts';
import type { Workbench } from '../workbench.ts';
import { benchDesk } from './desk.ts';
import { benchFanOut } from './fan-out.ts';
import { benchGrowth } from './growth.ts';
import { benchIntake } from './intake.ts';
import { benchPages } from './pages.ts';
import { benchScreen } from './screen.ts';

export interface PartBench {
  title: string;
  measure: (bench: Workbench, figures: Figures) => Promise<void>;
}

export const PART_BENCHES: Record<PartName, PartBench> = {
  'fan-out': { title: 'Fan-out: one row to everybody, the server on a core of its own', measure: benchFanOut },
  intake: { title: 'Intake: POST /orders, everything and the load on the same cores', measure: benchIntake },
  screen: { title: 'Click to screen: everything and the load on the same cores', measure: benchScreen },
  pages: { title: 'Pages: web and orders on a core of their own', measure: benchPages },
  desk: { title: 'Desk: the order table of a shop with two years of orders', measure: benchDesk },
  growth: { title: 'Growth: what one step costs while the load grows', measure: benchGrowth },
};
