import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { failureOf } from '../errors.ts';
import type { Report } from '../report/input.ts';
import { filesOf } from '../report/report-files.ts';
import { explainRefused, makeFolder, openWorkspace, type Workspace } from '../repository/workspace.ts';

/** What a run leaves behind: the report, and the page to look at where it has been made. */
export interface RunFiles {
  readonly report: Report;
  readonly page?: string;
}

/** Where a run leaves its files. Throws a `UserError` where that cannot be. */
export interface ReportPlace {
  /** The folder, where it is one of the run's own. */
  readonly folder?: string;
  /** Whether a page is of use here: making one takes time. */
  readonly takesPage: boolean;
  write(written: RunFiles): void;
}

/** The name of the page beside the index. */
export const PAGE_NAME = 'index.html';

/** The checked-out repository, at the paths that the report has there; the page only if it is `withPage`. */
export function placeInWorkspace(workspace: Workspace, { withPage }: { readonly withPage: boolean }): ReportPlace {
  return {
    takesPage: withPage,
    write({ report, page }) {
      for (const { path, text } of filesOf(report)) workspace.write(path, text);
      if (withPage && page !== undefined) workspace.write(pagePath(report), page);
    },
  };
}

/**
 * A folder that is made where it is not there; the report's files lie right in it. What an earlier run left of this report,
 * and this one does not have, is removed.
 */
export function placeInFolder(folder: string): ReportPlace {
  return {
    folder,
    takesPage: true,
    write({ report, page }) {
      const name = `the folder "${folder}"`;
      const place = explainRefused(`The folder "${folder}" cannot be used`, () => {
        makeFolder(folder);
        return openWorkspace(folder, name);
      });
      const base = folderOf(report);
      const files = filesOf(report).map(({ path, text }) => ({ path: path.slice(base.length), text }));
      for (const { path, text } of files) place.write(path, text);
      if (page !== undefined) place.write(PAGE_NAME, page);
      const kept = new Set(files.map(({ path }) => path));
      for (const path of listParts(place, report)) if (!kept.has(path)) place.remove(path);
    },
  };
}

/** The files beside a report in the folder of its name, as they lie in a folder of the run's own. */
function listParts(place: Workspace, { json }: Report): readonly string[] {
  const name = json.path.slice(json.path.lastIndexOf('/') + 1, -'.json'.length);
  return place
    .list(name)
    .filter((file) => /\.(?:md|json)$/.test(file))
    .map((file) => `${name}/${file}`);
}

/** More steps than a job has. */
const MOST_FOLDERS = 1000;

/**
 * A folder in `parent` that no run has used before, so that it holds the files of this one alone. Where none can be made, it
 * is a place that nothing can be written to.
 */
export function placeInNewFolder(parent: string, name: string): ReportPlace {
  try {
    return placeInFolder(makeNewFolder(parent, name));
  } catch (thrown) {
    const fail = () => {
      throw thrown;
    };
    return { takesPage: false, write: fail };
  }
}

function makeNewFolder(parent: string, name: string): string {
  return explainRefused(`No folder for the artifact can be made in "${parent}"`, () => {
    makeFolder(parent);
    for (let number = 1; ; number += 1) {
      const folder = join(parent, number === 1 ? name : `${name}-${number}`);
      // One that is there may be a link, so it is not even looked into.
      if (number < MOST_FOLDERS && lstatSync(folder, { throwIfNoEntry: false }) !== undefined) continue;
      mkdirSync(folder);
      return folder;
    }
  });
}

/** Where the page is in the repository. */
export function pagePath(report: Report): string {
  return `${folderOf(report)}${PAGE_NAME}`;
}

function folderOf({ index }: Report): string {
  return index.path.slice(0, index.path.lastIndexOf('/') + 1);
}

/** Writes to every place; gives the sentences that say where that cannot be done. */
export async function writeEverywhere(places: readonly ReportPlace[], written: RunFiles): Promise<readonly string[]> {
  const failures = await Promise.all(places.map((place) => failureOf(() => place.write(written))));
  return failures.filter((failure) => failure !== undefined);
}
