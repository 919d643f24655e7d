import type { BrokenLink, Labels, MonitorRef, ScrapeFix } from '../model/jvm-metrics.ts';
import { compareText } from '../text/format.ts';
import { join, name, type Phrase, say } from '../text/phrase.ts';

/** Why the metrics of a JVM do not arrive: a clause that follows "… do not arrive:". */
export function sayBrokenLink(link: BrokenLink): Phrase {
  switch (link.kind) {
    case 'no service':
      return say`no Service selects its pods, and no PodMonitor does`;
    case 'no monitor':
      return link.service === undefined
        ? say`no ServiceMonitor or PodMonitor asks for them`
        : say`no ServiceMonitor asks its Service ${name(link.service)} for them, and no PodMonitor its pods`;
    case 'labels':
      return say`${sayMonitor(link.monitor)} selects ${sayLabels(link.wanted)}, and the Service ${name(link.service)} has ${
        Object.keys(link.found).length === 0 ? 'none of these labels' : sayLabels(link.found)
      }`;
    case 'namespace':
      return say`${sayMonitor(link.monitor)} does not look into the namespace of the Service ${name(link.service)}`;
    case 'port':
      return link.there.length === 0
        ? say`${sayMonitor(link.monitor)} asks for the port ${name(link.wanted)}, and no port has a name`
        : say`${sayMonitor(link.monitor)} asks for the port ${name(link.wanted)}, and there are only ${join(link.there.map(name), ', ')}`;
    case 'path':
      return link.answers === undefined
        ? say`${sayMonitor(link.monitor)} asks at ${name(link.path)}, where nothing answers`
        : say`${sayMonitor(link.monitor)} asks at ${name(link.path)}, and the metrics are at ${name(link.answers)}`;
    case 'endpoint':
      return say`${name(link.url)} in the pod ${name(link.pod)} answers ${name(link.answer)}`;
    case 'not selected':
      return link.by === 'namespace'
        ? say`the Prometheus ${name(link.prometheus)} does not take monitors from the namespace of ${sayMonitor(link.monitor)}`
        : say`the Prometheus ${name(link.prometheus)} takes monitors by labels that ${sayMonitor(link.monitor)} does not have`;
    case 'no target':
      return say`Prometheus has no target of ${link.monitor === undefined ? 'it' : sayMonitor(link.monitor)}`;
    case 'target down':
      return say`its target is down${link.error === undefined ? '' : say`: ${name(link.error)}`}`;
    case 'no series':
      return say`its target is up, and publishes no JVM metrics`;
  }
}

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
