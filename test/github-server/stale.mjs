const KEPT = 50;

/**
 * The repository as a replica that is behind sees it. How far reads may be behind is not documented; seen in
 * integrations/slack#494 (pull requests right after a write), openclaw/openclaw#146950 and synaptent/aragora#7135 (heads that
 * stayed old, once for 80 minutes). Here it is counted in changes: lists of pull requests and of comments are as they were
 * `state.listLag` changes of pull requests ago, `GET /git/ref` as of `state.refLag` moves of that ref ago.
 */
export function createReplica({ state, git }) {
  const versions = [];
  const moves = new Map();

  const ago = (list, lag) => list[Math.max(0, list.length - 1 - lag)];

  /** Called before and after each request, so that what a test does to `state.pulls` by hand is a change as well. */
  function note() {
    const newest = versions.at(-1);
    const same =
      newest?.length === state.pulls.length && state.pulls.every((pull, index) => equal(pull, newest[index]));
    if (same) return;
    versions.push(state.pulls.map(copy));
    if (versions.length > KEPT) versions.shift();
  }

  return {
    note,
    /** The same functions, each of which is a change of its own. */
    follow: (functions) =>
      Object.fromEntries(
        Object.entries(functions).map(([name, act]) => [
          name,
          (...args) => {
            note();
            return act(...args);
          },
        ]),
      ),
    /** Every pull request as lists show it. With no lag these are the live ones. */
    listed() {
      if (state.listLag === 0) return state.pulls;
      note();
      return ago(versions, state.listLag);
    },
    /** `git` whose reads of refs are remembered: each writer reads a ref before it moves it, and again afterwards. */
    git: {
      ...git,
      async ref(name) {
        const sha = await git.ref(name);
        if (!name.startsWith('refs/')) return sha;
        const known = moves.get(name) ?? [];
        if (known.length === 0 || known.at(-1) !== sha) moves.set(name, [...known, sha].slice(-KEPT));
        return sha;
      },
    },
    /** Where a branch points, or pointed some moves ago. */
    refShown: (name, now) => (state.refLag === 0 ? now : ago(moves.get(name) ?? [now], state.refLag)),
  };
}

function copy(pull) {
  return Object.fromEntries(
    Object.entries(pull).map(([key, value]) => [key, Array.isArray(value) ? structuredClone(value) : value]),
  );
}

function equal(pull, before) {
  const keys = new Set([...Object.keys(pull), ...Object.keys(before)]);
  return [...keys].every((key) =>
    Array.isArray(pull[key]) ? JSON.stringify(pull[key]) === JSON.stringify(before[key]) : pull[key] === before[key],
  );
}
