import type { Unread } from '../model/declared.ts';
import type { NotLocatedReason } from '../model/location.ts';
import { toSingleLine } from '../text/markdown.ts';

const LONGEST = 200;

const REASONS: Readonly<Record<NotLocatedReason, string>> = {
  'no manifest': 'it is in no manifest',
  ambiguous: 'more than one place may decide it',
  drift: 'it is not what runs in the cluster',
  template: 'a template writes it',
  generated: 'something generates it',
  encrypted: 'it is encrypted',
  'shared anchor': 'it shares its values with others',
  'over budget': 'it would take more time or memory than a run has',
  rendered: 'it could not be rendered; render it yourself to see why',
  'hands off': 'a comment asks to leave it alone',
  'not editable': 'it cannot be read',
  injected: 'something adds it in the cluster',
  'not applied': 'it is not known what applies it',
  'unsafe file': 'it is no file that can be read safely',
};

/** What the action itself says of a release whose chart it does not have; nothing else of such a text is shown. */
const ABSENT_CHART = /\bthe chart ([\w./-]{1,100}) is not here$/;

/**
 * Why something was not judged, as a clause of plain text. What a renderer said is left out: it may hold what it read of the
 * runner's files.
 */
export function sayNotJudged({ reason, why }: Pick<Unread, 'reason' | 'why'>): string {
  const chart = reason === 'rendered' ? ABSENT_CHART.exec(why)?.[1] : undefined;
  if (chart !== undefined) return `its chart ${chart} is not in the repository, and nothing is fetched`;
  const said = reason === 'rendered' ? '' : toSingleLine(why, LONGEST);
  return said === '' ? REASONS[reason] : `${REASONS[reason]} (${said})`;
}
