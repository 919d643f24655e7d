import { mkdirSync } from 'node:fs';
import { failureOf } from '../errors.ts';
import type { Report } from '../report/input.ts';
import { filesOf } from '../report/report-files.ts';
import { openWorkspace, type Workspace } from '../repository/workspace.ts';

/** What a run leaves behind: the report, and the page to look at where it has been made. */
export interface Written {
  readonly report: Report;
  readonly page?: string;
}

/** Where a run leaves its files. Throws a `UserError` where that cannot be. */
export interface ReportPlace {
  /** The folder, where it is one of the run's own. */
  readonly folder?: string;
  /** Whether a page is of use here: making one takes time. */
  readonly takesPage: boolean;
  write(written: Written): void;
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

/** A folder of the run's own, which is made where it is not there; the report's files lie right in it. */
export function placeInFolder(folder: string): ReportPlace {
  return {
    folder,
    takesPage: true,
    write({ report, page }) {
      mkdirSync(folder, { recursive: true });
      const place = openWorkspace(folder);
      const base = folderOf(report);
      for (const { path, text } of filesOf(report)) place.write(path.slice(base.length), text);
      if (page !== undefined) place.write(PAGE_NAME, page);
    },
  };
}

/** Where the page is in the repository. */
export function pagePath(report: Report): string {
  return `${folderOf(report)}${PAGE_NAME}`;
}

function folderOf({ index }: Report): string {
  return index.path.slice(0, index.path.lastIndexOf('/') + 1);
}

/** Writes to every place; gives the sentences that say where that cannot be done. */
export async function writeEverywhere(places: readonly ReportPlace[], written: Written): Promise<readonly string[]> {
  const failures = await Promise.all(places.map((place) => failureOf(() => place.write(written))));
  return failures.filter((failure) => failure !== undefined);
}
