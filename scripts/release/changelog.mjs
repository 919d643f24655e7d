/**
 * @typedef {{ readonly version: string, readonly date: string, readonly notes: string }} Release
 * A version of the changelog: `1.2.3`, the day as `2026-11-28`, and the Markdown below its heading.
 */

const HEADING = /^## (\d+\.\d+\.\d+) - (\d{4}-\d{2}-\d{2})$/;

/**
 * The versions of a changelog, newest first. Throws an `Error` that names the line where a heading of the second level is neither
 * `## Unreleased`, at the top, nor `## 1.2.3 - 2026-11-28`, or where a version is not below the one above it.
 * @param {string} text
 * @returns {readonly Release[]}
 */
export function readReleases(text) {
  /** @type {{ version: string, date: string, lines: string[] }[]} */
  const found = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (!line.startsWith('## ')) {
      found.at(-1)?.lines.push(line);
      continue;
    }
    if (line === '## Unreleased' && found.length === 0) continue;
    found.push({ ...readHeading(line, index + 1, found.at(-1)?.version), lines: [] });
  }
  return found.map(({ version, date, lines }) => ({ version, date, notes: lines.join('\n').trim() }));
}

/** @param {string} line @param {number} number @param {string | undefined} above */
function readHeading(line, number, above) {
  const [, version, date] = HEADING.exec(line) ?? [];
  if (version === undefined || date === undefined || Number.isNaN(Date.parse(date))) {
    throw new Error(
      `CHANGELOG.md, line ${number}: "${line}" is neither "## Unreleased" nor like "## 1.2.3 - 2026-11-28".`,
    );
  }
  if (above !== undefined && compareVersions(version, above) >= 0) {
    throw new Error(`CHANGELOG.md, line ${number}: ${version} stands below ${above}, but is not older.`);
  }
  return { version, date };
}

/**
 * The newest version. Throws an `Error` where there is none, or where one of the headings is wrong.
 * @param {string} text
 */
export function readNewest(text) {
  const [newest] = readReleases(text);
  if (newest === undefined) throw new Error('CHANGELOG.md has no version: add a heading like "## 1.2.3 - 2026-11-28".');
  return newest;
}

/**
 * Below zero where the first version is the older one, zero where both are the same.
 * @param {string} one `1.2.3`
 * @param {string} other `1.2.3`
 */
export function compareVersions(one, other) {
  const [left, right] = [one.split('.').map(Number), other.split('.').map(Number)];
  const differing = left.findIndex((part, index) => part !== right[index]);
  return differing < 0 ? 0 : (left[differing] ?? 0) - (right[differing] ?? 0);
}

/** @param {string} version `1.2.3` @returns {string} `v1` */
export function majorTag(version) {
  return `v${version.split('.')[0]}`;
}
