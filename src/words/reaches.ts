import type { Location, ReachedPlace } from '../model/location.ts';
import { compareText } from '../text/format.ts';
import { toSingleLine } from '../text/markdown.ts';
import { join, name, type Phrase, say } from '../text/phrase.ts';

type Located = Extract<Location, { state: 'located' }>;

const LONGEST = 200;

/** "Flux Kustomization apps in cluster production, namespace shop (`clusters/production/apps.yaml`)" */
export function sayPlace(place: ReachedPlace): Phrase {
  return say`${sayApplication(place)} (${short(place.path)})`;
}

/** "also applied by Flux Kustomization apps in cluster production and 2 more"; `undefined` where nothing else applies the file. */
export function sayOthers(location: Located, most = 3): Phrase | undefined {
  const others = othersOf(location);
  if (others.length === 0) return undefined;
  const shown = others.slice(0, most).map(sayApplication);
  const left = others.length - shown.length;
  return say`also applied by ${join(shown, '; ')}${left === 0 ? '' : ` and ${left} more`}`;
}

function sayApplication({ by, cluster, namespace }: ReachedPlace): Phrase {
  const where = [cluster && say`cluster ${short(cluster)}`, namespace && say`namespace ${short(namespace)}`];
  const known = where.filter((one) => typeof one === 'object');
  return known.length === 0
    ? say`${toSingleLine(by, LONGEST)}`
    : say`${toSingleLine(by, LONGEST)} in ${join(known, ', ')}`;
}

/** Without the suggestion's own, which stands first where it is known. Those of other clusters come first: they are easily overlooked. */
function othersOf({ suggestion, reaches = [] }: Located): readonly ReachedPlace[] {
  const [first, ...others] = reaches;
  if (first === undefined) return [];
  const isOwn = first.namespace === undefined || first.namespace === suggestion.workload.namespace;
  if (!isOwn) return reaches;
  const rank = ({ cluster }: ReachedPlace) => (cluster !== undefined && cluster !== first.cluster ? '0' : '1');
  return others.toSorted((a, b) => compareText(rank(a), rank(b)));
}

/** Paths have no length that a text could count on. */
function short(text: string): Phrase {
  return name(toSingleLine(text, LONGEST));
}
