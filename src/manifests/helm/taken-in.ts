import type { ManifestIndex } from '../index-manifests.ts';
import type { WhyNot } from '../readable.ts';
import { inside } from './find-charts.ts';
import type { Environment } from './find-environments.ts';
import { OPTION } from './find-releases.ts';
import type { Release } from './release.ts';

type Globs = Pick<ManifestIndex, 'includes'>;

function isChartIn(folder: string, { includes }: Globs): boolean {
  return includes(`${inside(folder)}Chart.yaml`) || includes(`${inside(folder)}values.yaml`);
}

/** Whether the option `manifests` takes in the chart of an environment and one of its files. */
export function isEnvironmentIn({ chart, files }: Environment, globs: Globs): boolean {
  return isChartIn(chart.folder, globs) && (files.length === 0 || files.some(globs.includes));
}

/** Whether the option `manifests` takes in something that sets a release's values; what an option names is always in. */
export function isReleaseIn({ chart, layers, definedIn }: Release, globs: Globs): boolean {
  if (definedIn === OPTION || layers.some(({ path }) => globs.includes(path))) return true;
  return chart.kind === 'local' ? isChartIn(chart.folder, globs) : layers.length === 0;
}

/** Why files must not be edited for where they lie. */
export function refuseOutside(paths: readonly string[], globs: Globs): WhyNot | undefined {
  const outside = paths.find((path) => !globs.includes(path));
  return outside === undefined
    ? undefined
    : { reason: 'not editable', why: `${outside} would have to change, which the option manifests leaves out` };
}
