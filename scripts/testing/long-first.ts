import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of tests that start whole systems again and again, the longest first; found by the end of their path. */
const LONGEST = [
  'chaos/test/mutants',
  'scripts/test/start',
  'web/test/every-page',
  'web/test/desk',
  'chaos/test/chaos-run',
  'web/test/system',
  'web/test/catalogue',
  'scripts/test/backup',
  'web/test/shop',
  'web/test/together',
  'web/test/team',
  'web/test/alerts',
  'web/test/tabs',
];

/** What takes longest begins first, so that no core waits for one last file at the end. */
export default class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.findIndex((name) => moduleId.endsWith(`${name}.test.ts`));
      return place < 0 ? LONGEST.length : place;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
