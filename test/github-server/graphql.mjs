import { ZERO } from './git.mjs';
import { graphqlPulls } from './graphql-pulls.mjs';

/** A GraphQL failure: HTTP 200 with `errors`. */
export class GraphqlFailure extends Error {
  constructor(type, message) {
    super(message);
    this.type = type;
  }
}

/**
 * The selection of a document as a list: `{alias, name, args, selection?}`, or `{on, selection}` for what is asked of one type
 * only; an argument is `{variable}` or `{value}`.
 */
export function parseSelection(document) {
  const tokens = document.match(/[_A-Za-z]\w*|\.\.\.|[{}():$!=,@[\]]|"(?:[^"\\]|\\.)*"|-?\d+/g) ?? [];
  // Variable definitions may hold braces only as default values, which nobody sends here.
  let position = tokens.indexOf('{');
  function readValue() {
    const token = tokens[position++];
    if (token === '$') return { variable: tokens[position++] };
    if (token !== '[') return { value: /^[_A-Za-z]/.test(token) ? token : JSON.parse(token) };
    const items = [];
    while (tokens[position] !== ']') {
      if (tokens[position] === ',') position++;
      else items.push(readValue().value);
    }
    position++;
    return { value: items };
  }
  function readArguments() {
    const args = {};
    for (position++; tokens[position] !== ')'; ) {
      if (tokens[position] === ',') position++;
      const name = tokens[position];
      position += 2;
      args[name] = readValue();
    }
    position++;
    return args;
  }
  function selection() {
    const fields = [];
    position++;
    while (tokens[position] !== '}') {
      if (position >= tokens.length) throw new GraphqlFailure('PARSE_ERROR', 'Expected }, actual: end of document');
      if (tokens[position] === '...') {
        const on = tokens[position + 2];
        position += 3;
        fields.push({ on, selection: selection() });
        continue;
      }
      let name = tokens[position++];
      let alias = name;
      if (tokens[position] === ':') {
        name = tokens[position + 1];
        alias = tokens[position - 1];
        position += 2;
      }
      const args = tokens[position] === '(' ? readArguments() : {};
      fields.push({ alias, name, args, selection: tokens[position] === '{' ? selection() : undefined });
    }
    position++;
    return fields;
  }
  return selection();
}

/** What was selected of a value; a field that takes arguments is a function of them. */
async function project(value, selection, variables) {
  if (selection === undefined || value === null || value === undefined) return value ?? null;
  if (Array.isArray(value)) return Promise.all(value.map((item) => project(item, selection, variables)));
  const projected = {};
  for (const field of selection) {
    if (field.on !== undefined) {
      if (field.on === value.__typename) Object.assign(projected, await project(value, field.selection, variables));
      continue;
    }
    const found = value[field.name];
    const plain = typeof found === 'function' ? await found(argumentsOf(field, variables)) : found;
    projected[field.alias] = await project(plain, field.selection, variables);
  }
  return projected;
}

function argumentsOf({ args }, variables) {
  const values = Object.entries(args).map(([name, { variable, value }]) => [
    name,
    variable === undefined ? value : variables[variable],
  ]);
  return Object.fromEntries(values);
}

export function graphqlRoutes(context) {
  const { git, shapes, state, owner, repo, changed } = context;
  const pulls = graphqlPulls(context);
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
  /** As rules say it (docs: about-protected-branches, "Require signed commits"); the wording of rulesets, keystatic#1559. */
  async function refuseUnsigned(branch, sha) {
    if (state.protections.get(branch) !== 'signatures' || sha === ZERO) return;
    if (!shapes.gitCommit(await git.commit(sha)).verification.verified)
      throw new GraphqlFailure(
        'UNPROCESSABLE',
        'Repository rule violations found\n\nCommits must have verified signatures.\n\n',
      );
  }
  const isNamed = (name) =>
    [`${owner}/${repo}`, state.renamedFrom].some((one) => one?.toLowerCase() === name.toLowerCase());
  const refuseReadOnly = () => {
    if (state.readOnly || state.contentsReadOnly)
      throw new GraphqlFailure('FORBIDDEN', 'Resource not accessible by integration');
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

  async function updateRefs({ input }, login) {
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
      await refuseUnsigned(name.replace('refs/heads/', ''), afterOid);
      if (!force && current !== ZERO && afterOid !== ZERO && !(await git.isAncestor(current, afterOid)))
        throw new GraphqlFailure('UNPROCESSABLE', 'Update is not a fast forward');
      lines.push(afterOid === ZERO ? `delete ${name} ${current}` : `update ${name} ${afterOid} ${current}`);
    }
    lines.push('commit', '');
    await git.run(['update-ref', '--stdin'], { input: lines.join('\n') }).catch((error) => {
      throw new GraphqlFailure('UNPROCESSABLE', `Reference update failed: ${error.message}`);
    });
    for (const { name } of input.refUpdates) await changed(name, login);
    return { clientMutationId: null };
  }

  /** `login` has its "[bot]" here, unlike an actor's, and every kind of token has a viewer (cli/cli#6384). */
  const viewer = (_, login) => ({ login });

  function repository({ owner: wanted, name }, login) {
    if (!isNamed(`${wanted}/${name}`))
      throw new GraphqlFailure('NOT_FOUND', `Could not resolve to a Repository with the name '${wanted}/${name}'.`);
    return {
      id: shapes.repository().node_id,
      pullRequest: ({ number }) => pullRequest(number, login),
      pullRequests: (args) => pulls.list(args, login),
    };
  }

  function pullRequest(number, login) {
    const pull = state.pulls.find((one) => one.number === number);
    if (pull === undefined)
      throw new GraphqlFailure('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${number}.`);
    return {
      comments({ first, after }) {
        const start = Number(after ?? 0);
        const end = Math.min(start + first, pull.comments.length);
        // "Did the viewer author this comment" (GraphQL schema): true of the token's own account only.
        const nodes = pull.comments
          .slice(start, end)
          .map(({ id, body, user }) => ({ fullDatabaseId: String(id), body, viewerDidAuthor: user === login }));
        return { nodes, pageInfo: { hasNextPage: end < pull.comments.length, endCursor: String(end) } };
      },
    };
  }

  const handlers = { createCommitOnBranch, updateRefs, viewer, repository, nodes: pulls.nodes };

  return async function answerGraphql({ query, variables = {} }, login) {
    const selection = parseSelection(query);
    const type = /^\s*mutation/.test(query) ? 'Mutation' : 'Query';
    const data = {};
    const errors = [];
    for (const field of selection) {
      const { alias } = field;
      try {
        const handler = handlers[field.name];
        if (handler === undefined)
          throw new GraphqlFailure('undefinedField', `Field '${field.name}' doesn't exist on type '${type}'`);
        const value = await handler(argumentsOf(field, variables), login);
        data[alias] = await project(value, field.selection, variables);
      } catch (error) {
        if (!(error instanceof GraphqlFailure)) throw error;
        data[alias] = null;
        errors.push({ type: error.type, path: [alias], locations: [{ line: 1, column: 1 }], message: error.message });
      }
    }
    return errors.length === 0 ? { data } : { data, errors };
  };
}
