import type { EvidenceSource, InsteadOf } from '../model/gate.ts';
import { type Calendar, capitalize, count, endSentence, formatHours } from '../text/format.ts';
import { toSingleLine } from '../text/markdown.ts';
import { name, type Phrase, say, strong } from '../text/phrase.ts';

const LONGEST = 300;

/** Where what is known of the use of memory comes from: whole sentences. */
export function sayEvidenceSource(source: EvidenceSource, calendar: Calendar, timeZone: string): Phrase {
  switch (source.kind) {
    case 'observation': {
      const days = source.days === 1 ? 'a day' : count(source.days, 'day');
      return say`Held against the cluster as of ${calendar.full(source.at)} ${timeZone}, with peaks of up to ${days}.`;
    }
    case 'reports': {
      const which = source.count === 1 ? 'the report' : `${source.count} reports, the newest`;
      const report = say`${which} of ${calendar.date(source.at)} (${name(toSingleLine(source.path, LONGEST))})`;
      return say`Held against ${report}, ${strong(`${formatHours(Math.max(0, source.age) / 3600)} old`)}, because ${sayInstead(source.instead)}. What quotas, LimitRanges and nodes allow does not stand there.`;
    }
    case 'none':
      return say`Held against ${strong('nothing')}, because ${sayInstead(source.instead)}.${source.why === '' ? '' : ` ${sentence(source.why)}`}`;
  }
}

function sayInstead(instead: InsteadOf): string {
  switch (instead.kind) {
    case 'fork':
      return 'pull requests from forks see no secrets';
    case 'Dependabot':
      return "Dependabot's pull requests see no secrets";
    case 'not inspected':
      return 'none of its namespaces is among those that are looked at';
    case 'not reached':
      return `the cluster could not be asked (${toSingleLine(instead.said, LONGEST).replace(/\.$/, '')})`;
  }
}

function sentence(text: string): string {
  return endSentence(capitalize(toSingleLine(text, LONGEST)));
}
