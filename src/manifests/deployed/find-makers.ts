import type { Workload } from '../../model/workload.ts';
import { type Deployed, type DeployedList, isMaker, type Maker, makerOf, mayBe, sayMaker } from './deployed.ts';
import { ARGO_GROUP } from './read-argo.ts';
import { FLUX_GROUP } from './read-flux.ts';

/** Which applications of this repository made a live object, as far as its own marks tell. */
export type Makers =
  /** The object bears no mark, or no object of the repository says what is applied. */
  | { readonly state: 'not said' }
  /** None for an application that applies no folder: a chart, say. */
  | { readonly state: 'here'; readonly by: readonly Deployed[] }
  /** What made it is not applied from what is edited, or nothing says from where. A sentence for people. */
  | { readonly state: 'elsewhere'; readonly why: string };

export function findMakers(
  workload: Pick<Workload, 'ref' | 'hints'>,
  { all, objects, unreadable }: DeployedList,
  clusterName?: string,
): Makers {
  const maker = makerOf(workload);
  if (maker === undefined) return { state: 'not said' };
  const described = all.filter((one) => isMaker(one, maker));
  const here = described.filter(({ source }) => source.state === 'here');
  if (here.length > 0) return { state: 'here', by: inCluster(here, clusterName) };
  const [other] = described;
  if (other?.source.state === 'elsewhere') {
    const why = `${sayMaker(maker)} made it, and as ${other.definedIn} says it applies ${other.source.from}: change it there`;
    return { state: 'elsewhere', why };
  }
  const kind = maker.by === 'argo' ? 'Application' : 'Kustomization';
  const group = maker.by === 'argo' ? ARGO_GROUP : FLUX_GROUP;
  const isDescribed = objects.some((one) => one.kind === kind && one.group === group && mayBe(one.name, maker.name));
  if (isDescribed) return { state: 'here', by: [] };
  const says = all.some(({ source, by }) => by === maker.by && source.state === 'here');
  const [unread] = unreadable;
  if (unread !== undefined) {
    const why = `${sayMaker(maker)} made it, and it is not known what that applies: ${unread.what} in ${unread.definedIn} may be it, and ${unread.why}; a mapping settles it`;
    return { state: 'elsewhere', why };
  }
  return says ? { state: 'elsewhere', why: sayNotDescribed(maker) } : { state: 'not said' };
}

function sayNotDescribed(maker: Maker): string {
  return `${sayMaker(maker)} made it, and no object of this repository says what that applies: a mapping settles it`;
}

/** Of several applications those of the cluster, where its name tells: a destination, or a folder of their file. */
export function inCluster(appliers: readonly Deployed[], clusterName: string | undefined): readonly Deployed[] {
  if (clusterName === undefined) return appliers;
  const tells: ((one: Deployed) => boolean)[] = [
    ({ cluster }) => cluster === clusterName,
    ({ definedIn }) => definedIn.split('/').includes(clusterName),
    ({ folder }) => folder.split('/').includes(clusterName),
  ];
  const told = tells.map((tell) => appliers.filter(tell));
  return told.find((own) => own.length > 0) ?? appliers;
}

/** Whether something that is applied by some may have been made by the makers. */
export function isMadeBy(appliedBy: readonly Deployed[], makers: readonly Deployed[] | undefined): boolean {
  if (makers === undefined) return true;
  return appliedBy.some((one) => makers.some((maker) => isSame(one, maker)));
}

function isSame(one: Deployed, other: Deployed): boolean {
  return (
    one.by === other.by && one.name === other.name && one.definedIn === other.definedIn && one.folder === other.folder
  );
}
