import type { Location, NotLocatedReason } from '../model/location.ts';

/** For each reason the one thing that would have the workload found; none where the reason says it itself. */
const ADVICE: Readonly<Record<NotLocatedReason, string | undefined>> = {
  'no manifest': 'name its place in the option mappings if it has one here',
  ambiguous: 'name the right place in the option mappings',
  drift: 'deploy what the repository says, or write there what runs',
  template: 'name the place of its value in the option mappings',
  generated: 'change its source',
  encrypted: 'keep the memory in a file that is not encrypted',
  'shared anchor': 'write the value where this container uses it',
  'over budget': 'narrow the option manifests to the files that matter',
  rendered: 'name its place in the option mappings',
  'hands off': 'remove that comment to have it changed',
  'not editable': 'change it by hand, or name another place in the option mappings',
  injected: 'change what adds it',
  'not applied': 'name its place in the option mappings if it has one here',
  'unsafe file': 'keep the manifest in a plain file of at most 2 MB',
};

/** Whether the last clause already tells the reader what to do. */
const TELLS =
  /\boption [a-z-]+|\b(?:settles it|tells which one is meant|changes such values\)|name it in helm-releases)$|(?:^|[:;,] |\bor )(?:change|write|deploy|remove|name|keep|set|install|narrow|move|split|add|give|list|correct|use|pin|commit|vendor)\b/i;

/** Ends the sentence of what was not located with what would have it found. */
export function adviseOn(location: Location): Location {
  if (location.state === 'located') return location;
  const { why, reason } = location;
  const last = why.split('; ').at(-1) ?? '';
  const advice = ADVICE[reason];
  return advice === undefined || TELLS.test(last) ? location : { ...location, why: `${why}; ${advice}` };
}
