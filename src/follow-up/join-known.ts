import { type FollowedChange, type FollowedContainer, type FollowedValue, keyOfFollowed } from '../model/follow-up.ts';

/**
 * What is known of changes from two sources: the pull requests, and the newest report for what a pull request does not
 * remember. A report alone tells of changes without a pull request, and of all where GitHub was not asked.
 */
export function joinKnown(
  pulls: readonly FollowedChange[],
  reported: readonly FollowedChange[],
  asked: boolean,
): FollowedChange[] {
  const told = new Map(reported.flatMap((change) => (change.number === undefined ? [] : [[change.number, change]])));
  const joined = pulls.map((change) => {
    const report = change.number === undefined ? undefined : told.get(change.number);
    return report === undefined || hasState(change) ? change : withState(change, report);
  });
  const alone = reported.filter(({ number }) => number === undefined || !asked);
  return [...joined, ...alone.map((change) => ({ ...change, begun: true as const }))];
}

function hasState({ settled, containers }: FollowedChange): boolean {
  return (
    settled || containers.some(({ rollout, verdict }) => rollout.state === 'rolled out' || verdict.kind !== 'open')
  );
}

function withState(change: FollowedChange, { how, at, settled, containers }: FollowedChange): FollowedChange {
  const known = new Map(containers.map((one) => [keyOfFollowed(one), one]));
  return {
    ...change,
    begun: true,
    ...(how === 'by hand' && { how, at }),
    settled,
    containers: change.containers.map((one): FollowedContainer => {
      const told = known.get(keyOfFollowed(one));
      if (told === undefined) return one;
      const values = how === 'by hand' ? told.values : fillIn(one.values, told.values);
      const { workload, direction, takesBack } = one;
      return { ...told, workload, direction, ...(takesBack && { takesBack }), values };
    }),
  };
}

/** Values with what they were before, where only the report still knows that: a person may have emptied the body. */
function fillIn(values: readonly FollowedValue[], told: readonly FollowedValue[]): FollowedValue[] {
  return values.map((value) => {
    if (!value.fromUnknown) return value;
    return told.find(({ field, to, from }) => field === value.field && to === value.to && from !== undefined) ?? value;
  });
}

/** Whether the change to a container is itself a taking back. A report tells it of whole pull requests alone. */
export function takesBack({ reverts }: FollowedChange, container: FollowedContainer): boolean {
  return reverts !== undefined || container.takesBack === true;
}
