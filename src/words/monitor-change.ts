import type { Labels, MonitorRef, ScrapeFix } from '../model/jvm-metrics.ts';
import { compareText } from '../text/format.ts';
import { join, name, type Phrase, say } from '../text/phrase.ts';

/** What a fix does: a sentence without its end. */
export function sayFix(fix: ScrapeFix): Phrase {
  if (fix.kind === 'add monitor') {
    const { selects, labels, port, path } = fix;
    const also = Object.keys(labels).length === 0 ? '' : say`; Prometheus takes it for ${sayLabels(labels)}`;
    const asks = say`asks Services with ${sayLabels(selects)} at their port ${name(port)} for ${name(path)} every 30s`;
    return say`adds the ServiceMonitor ${name(fix.name)}, which ${asks}${also}`;
  }
  const { monitor, change } = fix;
  if ('to' in change) {
    const from = change.from === '' ? '' : say` from ${name(change.from)}`;
    return say`changes the ${change.field} of ${sayMonitor(monitor)}${from} to ${name(change.to)}`;
  }
  const what = change.field === 'labels' ? 'gives' : 'has';
  const where = change.field === 'labels' ? say` the labels ` : say` select `;
  return say`${what} ${sayMonitor(monitor)}${where}${sayLabels(change.set)}`;
}

function sayMonitor({ kind, name: own }: MonitorRef): Phrase {
  return say`the ${kind} ${name(own)}`;
}

function sayLabels(labels: Labels): Phrase {
  const sorted = Object.entries(labels).sort(([a], [b]) => compareText(a, b));
  return join(
    sorted.map(([key, value]) => name(`${key}=${value}`)),
    ', ',
  );
}
