import { majorTag } from '../release/changelog.mjs';

/**
 * @typedef {import('./read-uses.mjs').Found} Found
 * @typedef {import('./read-uses.mjs').Use} Use
 * @typedef {object} Known What there is.
 * @property {string} own The project's own action, as `owner/name`.
 * @property {readonly string[]} versions Of the changelog, newest first, as `1.2.3`.
 * @property {ReadonlySet<string>} inputs Of action.yml.
 * @property {ReadonlySet<string>} outputs
 * @property {(path: string) => boolean} exists Whether a path of the repository is there.
 * @typedef {{ readonly path: string, readonly line: number, readonly says: string }} Problem
 * @typedef {{ readonly repository: string, readonly ref: string, readonly version: string, readonly path: string, readonly line: number }} Pin
 * An action of others: `ref` is a tag or a commit, `version` the tag that is meant.
 */

const COMMIT = /^[0-9a-f]{40}$/;
const TAG = /^v?\d+(?:\.\d+){0,2}$/;
const REPOSITORY = /^[A-Za-z0-9][\w-]*\/[\w.-]+$/;

/** What is wrong with the `uses:` of one piece of YAML, but for whether all agree. @param {string} path @param {Found} found @param {Known} known @returns {readonly Problem[]} */
export function judgeUses(path, found, known) {
  const isOwn = (/** @type {string | undefined} */ uses) => uses === './' || uses?.split('@')[0] === known.own;
  const wrong = found.uses.flatMap((use) => {
    const unknown = isOwn(use.uses) ? use.keys.filter((key) => !known.inputs.has(key)) : [];
    const keys = unknown.map((key) => `"${key}" is no input of action.yml.`);
    return [...judgeReference(path, use, known), ...keys].map((says) => ({ path, line: use.line, says }));
  });
  const unread = found.reads.flatMap(({ line, step, output }) => {
    const actions = found.steps.get(step) ?? [];
    if (found.whole && actions.length === 0) return [{ path, line, says: `No step has the id "${step}".` }];
    if (actions.length === 0 || !actions.every(isOwn) || known.outputs.has(output)) return [];
    return [{ path, line, says: `"${output}" is no output of action.yml.` }];
  });
  const broken = found.broken.map(({ line, says }) => ({ path, line, says: `This is no YAML: ${says}` }));
  return [...broken, ...wrong, ...unread];
}

/** @param {string} path @param {Use} use @param {Known} known @returns {readonly string[]} */
function judgeReference(path, { uses, comment }, { own, versions, exists }) {
  if (uses.startsWith('./')) {
    const there = [uses, `${uses}/action.yml`, `${uses}/action.yaml`].some(
      (file) => /\.ya?ml$/.test(file) && exists(file),
    );
    return there ? [] : [`There is no ${uses}.`];
  }
  const [name = '', ref = '', ...rest] = uses.split('@');
  const repository = repositoryOf(name);
  if (rest.length > 0 || !REPOSITORY.test(repository)) return [`"${uses}" is not like owner/name@version.`];
  if (repository === own) return judgeOwnRef(ref, versions);
  if (COMMIT.test(ref))
    return TAG.test(comment) ? [] : [`The commit of ${name} lacks a comment with its version, like "# v1.2.3".`];
  if (!TAG.test(ref)) return [`"${ref}" is neither a commit nor a version like v1 or v1.2.3.`];
  return path.startsWith('.github/')
    ? [`${name} is pinned to no commit: here it runs with this repository's token.`]
    : [];
}

/** @param {string} ref @param {readonly string[]} versions @returns {readonly string[]} */
export function judgeOwnRef(ref, versions) {
  const [newest = ''] = versions;
  if (ref === majorTag(newest) || versions.includes(ref.slice(1))) return [];
  return [
    `There is no ${ref || 'version'} of this action: the changelog's newest is ${newest}, so write ${majorTag(newest)}.`,
  ];
}

/** The actions of others that are named, without those that are no reference at all. @param {string} path @param {Found} found @param {string} own @returns {readonly Pin[]} */
export function pinsOf(path, { uses }, own) {
  return uses.flatMap(({ uses: value, comment, line }) => {
    const [name = '', ref = ''] = value.split('@');
    const repository = repositoryOf(name);
    const version = COMMIT.test(ref) ? comment : ref;
    const isPin = !value.startsWith('./') && repository !== own && REPOSITORY.test(repository) && TAG.test(version);
    return isPin ? [{ repository, ref, version, path, line }] : [];
  });
}

/** What does not agree: an action has one commit and one version everywhere, and tags are that version or its major. @param {readonly Pin[]} pins @returns {readonly Problem[]} */
export function judgeAgreement(pins) {
  return pins.flatMap((pin) => {
    const same = pins.filter(({ repository }) => repository === pin.repository);
    const first = same.find(({ ref }) => COMMIT.test(ref)) ?? same[0] ?? pin;
    const agrees = COMMIT.test(pin.ref)
      ? pin.ref === first.ref && pin.version === first.version
      : pin.ref === first.version || pin.ref === first.version.split('.')[0];
    if (agrees) return [];
    const says = `${pin.repository} is ${pin.version} here, but ${first.version} in ${first.path}, line ${first.line}${
      pin.version === first.version ? ', by another commit' : ''
    }.`;
    return [{ path: pin.path, line: pin.line, says }];
  });
}

/** An action may stand in a folder of its repository. @param {string} name */
function repositoryOf(name) {
  return name.split('/').slice(0, 2).join('/');
}
