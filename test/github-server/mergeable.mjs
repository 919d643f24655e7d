/**
 * Whether a pull request merges, as GitHub tells it: worked out in the background once somebody asks, so that the first
 * answers after a move of head or base are "not known yet" (docs.github.com/en/rest/pulls/pulls#get-a-pull-request: "If the
 * value is null, then GitHub has started a background job to compute the mergeability"; GraphQL's `MergeableState.UNKNOWN`).
 * How many answers is not documented; here `state.mergeableAfter`. Opening or editing one answers without counting.
 */
export function createMergeable({ git, state }) {
  const asked = new Map();

  async function look(pull, counts) {
    const base = await git.ref(`refs/heads/${pull.base}`);
    if (pull.state !== 'open' || base === undefined || !state.mergeableKnown) return 'UNKNOWN';
    const key = `${pull.number} ${base} ${pull.headSha}`;
    const times = asked.get(key) ?? 0;
    if (counts) asked.set(key, times + 1);
    if (times < state.mergeableAfter) return 'UNKNOWN';
    return (await git.mergeTree(base, pull.headSha)) === undefined ? 'CONFLICTING' : 'MERGEABLE';
  }

  return {
    /** `MERGEABLE`, `CONFLICTING` or `UNKNOWN`: GraphQL's words. Asking is what makes it known. */
    ask: (pull) => look(pull, true),
    /** The same without having asked, for the answer to a write. */
    peek: (pull) => look(pull, false),
  };
}
