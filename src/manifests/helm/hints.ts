import type { OriginHints } from '../../model/workload.ts';
import { mayBe } from '../deployed/deployed.ts';
import { isNamedBy } from '../deployed/find-namespace.ts';
import { appliersOf, type Release } from './release.ts';

/** The names of the release as the live object gives them; hints only. */
export function hintedNames(hints: OriginHints): string[] {
  // An application outside Argo CD's own namespace is named with its own before it.
  const application = hints.argoTrackingId?.split(':')[0]?.split('_').at(-1);
  const flux = hints.fluxHelmRelease?.split('/').at(-1);
  return [...new Set([hints.helmRelease, application, flux].filter((name) => name !== undefined))];
}

/** Whether a live object's hints speak of a release. */
export function isHinted(release: Release, hinted: readonly string[]): boolean {
  const { name, describedBy = name } = release;
  const names = [name, describedBy, ...appliersOf(release).map((one) => one.name)];
  return names.some((one) => hinted.some((hint) => mayBe(one, hint)));
}

/** Whether a `helm.sh/chart` label (`web-1.2.3`) is that of a chart of the name. */
export function isLabelOf(label: string, chart: string): boolean {
  return label.startsWith(`${chart}-`) && /^v?\d+(?:\.|$)/.test(label.slice(chart.length + 1));
}

/** A release whose name only the cluster knows, by the name that the live object gives. */
export function withName(release: Release, hinted: readonly string[]): Release {
  const name = hinted.find((hint) => mayBe(release.name, hint));
  return name === undefined ? release : { ...release, name };
}

/** Whether something gives a release a namespace: what describes it, or a folder that is named so. */
export function isPlaced({ namespace, definedIn }: Release, wanted: string): boolean {
  return namespace !== undefined || isNamedBy(definedIn, wanted);
}
