import type { Problem } from '../../shared/contracts/problem.ts';
import { Status } from '../../shared/contracts/status.ts';
import type { Site } from '../deps.ts';
import { deskWords, statusWord } from '../locales/desk.ts';
import { teamworkWords } from '../locales/teamwork.ts';
import { timeAgo } from '../locales/time-ago.ts';

/** Why the orders service refused a change of one order, in the admin's words; undefined when there are none for it. */
export function explainRefusal(site: Site, problem: Problem): string | undefined {
  const words = deskWords(site.locale).change;
  const { claim: claimWords, undo } = teamworkWords(site.locale);
  const ago = (at: string) => timeAgo(site.locale, Date.now() - Date.parse(at));
  if (problem.code === 'not_found') return words.gone;
  if (problem.code === 'undo_expired') return undo.expired;
  if (problem.code === 'out_of_stock') return undo.outOfStock;
  if (problem.code === 'already_claimed' && problem.claim) {
    return claimWords.already(problem.claim.by, ago(problem.claim.since));
  }
  if (problem.code !== 'stale_version' && problem.code !== 'bad_transition') return undefined;
  const status = Status.safeParse(problem.current?.status);
  if (!problem.current || !status.success)
    return problem.code === 'stale_version' ? words.staleUnknown('…') : undefined;
  const word = statusWord(site.locale, status.data);
  const { changedBy, changedAt } = problem.current;
  if (status.data === 'annulee' && changedBy === null) return words.cancelledByShopper(ago(changedAt));
  if (problem.code === 'stale_version' && changedBy) return words.stale(changedBy, word, ago(changedAt));
  return problem.code === 'stale_version' ? words.staleUnknown(word) : words.impossible(word);
}
