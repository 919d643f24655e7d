import { ZERO } from './git.mjs';

/** A GraphQL failure: HTTP 200 with `errors`. */
export class GraphqlFailure extends Error {
  constructor(type, message) {
    super(message);
    this.type = type;
  }
}

/** The selection of a document as a tree: `{alias: {name, selection?}}`. Arguments and variables are passed over. */
export function parseSelection(document) {
  const tokens = document.match(/[_A-Za-z]\w*|\.\.\.|[{}():$!=,@[\]]|"(?:[^"\\]|\\.)*"|-?\d+/g) ?? [];
  let position = tokens.indexOf('{');
  // Variable definitions may hold braces only as default values, which nobody sends here.
  const skipArguments = () => {
    let depth = 0;
    do {
      if (tokens[position] === '(') depth++;
      if (tokens[position] === ')') depth--;
      position++;
    } while (depth > 0);
  };
  function selection() {
    const fields = {};
    position++;
    while (tokens[position] !== '}') {
      if (position >= tokens.length) throw new GraphqlFailure('PARSE_ERROR', 'Expected }, actual: end of document');
      let name = tokens[position++];
      let alias = name;
      if (tokens[position] === ':') {
        name = tokens[position + 1];
        alias = tokens[position - 1];
        position += 2;
      }
      if (tokens[position] === '(') skipArguments();
      fields[alias] = { name, selection: tokens[position] === '{' ? selection() : undefined };
    }
    position++;
    return fields;
  }
  return selection();
}

function project(value, selection) {
  if (selection === undefined || value === null || value === undefined) return value ?? null;
  if (Array.isArray(value)) return value.map((item) => project(item, selection));
  return Object.fromEntries(
    Object.entries(selection).map(([alias, field]) => [alias, project(value[field.name], field.selection)]),
  );
}

export function graphqlRoutes({ git, shapes, state, owner, repo, changed }) {
  function refuseProtected(branch) {
    const kind = state.protections.get(branch);
    if (kind === 'classic')
      throw new GraphqlFailure('BRANCH_PROTECTION_RULE_VIOLATION', 'Changes must be made through a pull request');
    if (kind === 'ruleset')
      throw new GraphqlFailure(
        'UNPROCESSABLE',
        'Repository rule violations found\n\nChanges must be made through a pull request.\n\n',
      );
  }
  const refuseReadOnly = () => {
    if (state.readOnly) throw new GraphqlFailure('FORBIDDEN', 'Resource not accessible by integration');
  };
  const stale = (expected) =>
    new GraphqlFailure('STALE_DATA', `Expected branch to point to "${expected}" but it did not.  Pull and try again.`);

  async function createCommitOnBranch({ input }) {
    refuseReadOnly();
    const name = input.branch.branchName?.replace(/^refs\/heads\//, '');
    if (input.branch.repositoryNameWithOwner !== `${owner}/${repo}`)
      throw new GraphqlFailure('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${repo}'.`);
    const ref = `refs/heads/${name}`;
    const head = await git.ref(ref);
    if (head === undefined) throw new GraphqlFailure('NOT_FOUND', `No such branch '${name}' in the repository`);
    refuseProtected(name);
    if (head !== input.expectedHeadOid) throw stale(input.expectedHeadOid);
    const { additions = [], deletions = [] } = input.fileChanges ?? {};
    const entries = [];
    for (const { path, contents } of additions)
      entries.push({ path, mode: '100644', sha: await git.writeBlob(Buffer.from(contents, 'base64')) });
    for (const { path } of deletions) {
      if ((await git.resolve(`${head}:${path}`)) === undefined)
        throw new GraphqlFailure('UNPROCESSABLE', `A path was requested for deletion which does not exist: ${path}`);
      entries.push({ path, mode: '0', sha: null });
    }
    const { headline, body } = input.message;
    const tree = await git.writeTree(head, entries);
    const message = body ? `${headline}\n\n${body}` : headline;
    const sha = await git.writeCommit({ tree, parents: [head], message });
    await git.updateRef(ref, sha, head).catch(() => {
      throw stale(input.expectedHeadOid);
    });
    await changed(ref);
    return {
      clientMutationId: null,
      commit: { oid: sha, url: `${shapes.htmlUrl}/commit/${sha}` },
      ref: { id: `REF_${name}` },
    };
  }

  async function updateRefs({ input }) {
    refuseReadOnly();
    if (input.repositoryId !== shapes.repository().node_id)
      throw new GraphqlFailure(
        'NOT_FOUND',
        `Could not resolve to a node with the global id of '${input.repositoryId}'`,
      );
    const lines = ['start'];
    for (const { name, beforeOid, afterOid, force } of input.refUpdates) {
      refuseProtected(name.replace('refs/heads/', ''));
      const current = (await git.ref(name)) ?? ZERO;
      if (beforeOid !== undefined && beforeOid !== current)
        throw new GraphqlFailure(
          'UNPROCESSABLE',
          `Reference update failed: ${name} is at ${current}, not at ${beforeOid}`,
        );
      if (afterOid !== ZERO && (await git.type(afterOid)) !== 'commit')
        throw new GraphqlFailure('UNPROCESSABLE', 'Object does not exist');
      if (!force && current !== ZERO && afterOid !== ZERO && !(await git.isAncestor(current, afterOid)))
        throw new GraphqlFailure('UNPROCESSABLE', 'Update is not a fast forward');
      lines.push(afterOid === ZERO ? `delete ${name} ${current}` : `update ${name} ${afterOid} ${current}`);
    }
    lines.push('commit', '');
    await git.run(['update-ref', '--stdin'], { input: lines.join('\n') }).catch((error) => {
      throw new GraphqlFailure('UNPROCESSABLE', `Reference update failed: ${error.message}`);
    });
    for (const { name } of input.refUpdates) await changed(name);
    return { clientMutationId: null };
  }

  const handlers = { createCommitOnBranch, updateRefs };

  return async function answerGraphql({ query, variables }) {
    const selection = parseSelection(query);
    const data = {};
    const errors = [];
    for (const [alias, field] of Object.entries(selection)) {
      try {
        const handler = handlers[field.name];
        if (handler === undefined)
          throw new GraphqlFailure('undefinedField', `Field '${field.name}' doesn't exist on type 'Mutation'`);
        data[alias] = project(await handler(variables ?? {}), field.selection);
      } catch (error) {
        if (!(error instanceof GraphqlFailure)) throw error;
        data[alias] = null;
        errors.push({ type: error.type, path: [alias], locations: [{ line: 1, column: 1 }], message: error.message });
      }
    }
    return errors.length === 0 ? { data } : { data, errors };
  };
}
