/** Every output of the action, with what it holds. `action.yml` and the README list them from here. */
export const outputs = {
  headline: 'One line of plain text that says what the run comes to.',
  'summary-markdown': 'What to do first, as Markdown of at most 3,000 characters, for a chat message.',
  'blocks-json': 'The same as a JSON list of Block Kit blocks, for Slack.',
  outcome: 'How the run ended: `ok`, `findings`, `incomplete` or `error`.',
  verdict: 'The worst level found: `green`, `yellow`, `red` or `unknown`.',
  total: 'How many pods were inspected.',
  healthy: 'How many of them are green.',
  attention: 'How many are yellow.',
  'at-risk': 'How many are red.',
  unknown: 'How many could not be judged.',
  new: 'How many containers are newly yellow or red, or worse, since the last report of an earlier date; empty without one.',
  'report-path': "The report's path in the workspace.",
  'report-json-path': 'The path of the report as JSON; a very large one names `parts` that hold its workloads.',
  'artifact-path':
    'A folder on the runner that holds the files of this report alone (another one for each run of a job), and the page `index.html` to look at; for `actions/upload-artifact`.',
  'report-url': 'The URL of the committed report on GitHub; empty if it was not committed.',
  'commit-sha': "The SHA of the report's commit; empty if there was nothing to commit.",
  suggestions:
    'JSON: a list of the suggested requests and limits, in bytes; with `price-per-gib-month`, each with its `costPerMonth` (negative: what it frees).',
  'pull-requests': 'JSON: a list of what became of each pull request, with its number and URL.',
  'gate-verdict':
    'The worst level of what a pull request changes: `green`, `yellow`, `red` or `unknown`; empty in an inspection.',
  changes:
    'JSON: a list of the containers whose memory a pull request changes, each with its level, sizes in bytes and what is said of it; empty in an inspection.',
} as const;

export type OutputName = keyof typeof outputs;
