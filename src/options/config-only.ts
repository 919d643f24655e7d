import { z } from 'zod';
import type { Thresholds } from '../model/finding.ts';
import type { ContainerMatch } from '../model/match.ts';
import type { Owner } from '../model/owner.ts';
import { camelCase } from './names.ts';
import { line, number, object, oneOf, parsedList, parsedText, parsePath, percent, size } from './types.ts';
import { date, folder, labels, logins, teams } from './values.ts';

/* The options that only the config file can hold, because they are lists of objects. */

/** The types of the thresholds, which are options by themselves and, one by one, parts of an override. */
export const thresholdTypes = {
  'usage-yellow': percent(100),
  'usage-red': percent(100),
  'growth-yellow': percent(1000),
  'growth-red': percent(1000),
  'flat-near-limit': oneOf('yellow', 'red'),
  'trend-rule': oneOf('steady', 'quarters'),
  'limit-factor': number('a factor from 1.1 to 10', 1.1, 10),
  'request-factor': number('a factor from 0.6 to 10', 0.6, 10),
  'over-provisioned-below': percent(99),
  'over-provisioned-above': size(),
};

const GLOB = 'a name, with the globs `*` and `?`';
const glob = parsedText(GLOB, (value) => (/^[A-Za-z0-9.*?_:-]{1,253}$/.test(value) ? value : undefined));
const MATCH = 'at least one of `namespace`, `kind`, `name`, `container`';

const match = object({
  namespace: glob.optional(),
  kind: glob.optional(),
  name: glob.optional(),
  container: glob.optional(),
}).refine((value) => Object.values(value).some((part) => part !== undefined), { error: MATCH });

export interface Override {
  readonly match: ContainerMatch;
  readonly thresholds: Partial<Thresholds>;
}

/** Thresholds that hold for what matches; of two entries that set the same one, the later wins. */
export const overrides = listOfObjects(
  object({
    match,
    'usage-yellow': thresholdTypes['usage-yellow'].optional(),
    'usage-red': thresholdTypes['usage-red'].optional(),
    'growth-yellow': thresholdTypes['growth-yellow'].optional(),
    'growth-red': thresholdTypes['growth-red'].optional(),
    'flat-near-limit': thresholdTypes['flat-near-limit'].optional(),
    'trend-rule': thresholdTypes['trend-rule'].optional(),
    'limit-factor': thresholdTypes['limit-factor'].optional(),
    'request-factor': thresholdTypes['request-factor'].optional(),
    'over-provisioned-below': thresholdTypes['over-provisioned-below'].optional(),
    'over-provisioned-above': thresholdTypes['over-provisioned-above'].optional(),
  }).transform(({ match, ...thresholds }): Override => {
    const given = Object.entries(thresholds).filter(([, value]) => value !== undefined);
    return { match, thresholds: Object.fromEntries(given.map(([name, value]) => [camelCase(name), value])) };
  }),
  'a list of entries with `match` and thresholds',
);

/** What is shown as ignored and does not count, with why and up to which day. */
export const ignore = listOfObjects(
  object({ match, reason: line('text that says why'), until: date.optional() }),
  'a list of entries with `match`, `reason` and, if it expires, `until`',
);

export type IgnoreEntry = z.infer<typeof ignore>[number];

const OWNER = 'at least one of `labels`, `reviewers`, `team-reviewers`, `assignees`';

/** Whom the pull requests for what matches concern. */
export const owners = listOfObjects(
  object({
    match,
    labels: labels.optional(),
    reviewers: logins.optional(),
    'team-reviewers': teams.optional(),
    assignees: logins.optional(),
  })
    .refine(({ match: _, ...lists }) => Object.values(lists).some((list) => list !== undefined), { error: OWNER })
    .transform(
      ({ match, labels = [], reviewers = [], 'team-reviewers': teamReviewers = [], assignees = [] }): Owner => {
        return { match, labels, reviewers, teamReviewers, assignees };
      },
    ),
  'a list of entries with `match` and any of `labels`, `reviewers`, `team-reviewers`, `assignees`',
);

/** Where the `resources` block of a container stands that cannot be found otherwise. */
export const mappings = listOfObjects(
  object({
    match,
    file: parsedText('a file in the repository: relative, without `..`, not in `.git` or `.github`', parsePath),
    path: parsedText(
      'the path to the `resources` block, such as `nacos.resources` or `services[0].resources`',
      parseKeys,
    ),
  }),
  'a list of entries with `match`, `file` and `path`',
);

/** Which chart and values files a Helm release is made from, lowest layer first. */
export const helmReleases = listOfObjects(
  object({
    release: line('the name of a Helm release'),
    namespace: line('the name of a namespace'),
    chart: folder,
    values: parsedList('values files in the repository, lowest layer first', parsePath).prefault([]),
  }),
  'a list of entries with `release`, `namespace`, `chart` and `values`',
);

/** The keys of `a.b[0].c`; quotes or a backslash keep a dot in a key. */
function parseKeys(path: string): readonly (string | number)[] | undefined {
  const keys: (string | number)[] = [];
  let rest = `.${path}`;
  while (rest !== '') {
    const part = /^\.((?:[^.[\]\\"\s]|\\.)+)|^\."([^"]+)"|^\[(\d{1,4})\]/.exec(rest);
    if (!part) return undefined;
    const [whole, plain, quoted, index] = part;
    keys.push(index === undefined ? (quoted ?? (plain ?? '').replace(/\\(.)/g, '$1')) : Number(index));
    rest = rest.slice(whole.length);
  }
  return keys;
}

function listOfObjects<Entry extends z.ZodType>(entry: Entry, accepts: string) {
  return z.array(entry, { error: accepts }).meta({ accepts });
}
