import type { BrokenLink, JvmMetrics, JvmMetricsState, Labels, MonitorRef, Unseen } from '../model/jvm-metrics.ts';
import { count } from '../text/format.ts';
import { join, name, type Phrase, say, strong } from '../text/phrase.ts';

/** Labels beyond these are only counted. */
const MOST_NAMES = 5;

/** "JVM metrics arrive from 3 of 5 containers." */
export function sumUpJvmMetrics(all: readonly JvmMetrics[]): string {
  const covered = all.filter(({ state }) => state === 'covered').length;
  const which =
    covered === all.length ? (covered === 1 ? 'the only' : `all ${covered}`) : `${covered} of ${all.length}`;
  return `JVM metrics arrive from ${which} ${all.length === 1 ? 'container' : 'containers'}`;
}

/** Why the metrics of a JVM do not arrive, as a sentence without its end; `at` is the time of the report. */
export function sayJvmMetrics(metrics: JvmMetricsState, at: number): Phrase {
  switch (metrics.state) {
    case 'covered':
      return say`its metrics arrive`;
    case 'young':
      return say`${sayYoung(metrics.what, at - metrics.since)}: metrics take 1 to 3 minutes`;
    case 'another way':
      return sayOtherWay(metrics.how, metrics.by);
    case 'unknown':
      return say`it cannot be told why no metrics arrive, because ${sayUnseen(metrics.unseen)} (${name('docs/rbac.yaml')} has the optional rights)`;
    case 'broken':
      return sayLink(metrics.link);
  }
}

/** What mends it, as a sentence without its end; `undefined` where that says nothing more. */
export function sayRemedy({ link, fix }: JvmMetricsState & { readonly state: 'broken' }): Phrase | undefined {
  switch (link.kind) {
    case 'no service':
      return say`Add a Service with a named port for them, or a PodMonitor`;
    case 'no monitor':
      return fix
        ? say`Add a ServiceMonitor`
        : say`Add a ServiceMonitor for the port and the path at which it publishes them`;
    case 'labels':
      return say`Let the ServiceMonitor select what the Service has`;
    case 'namespace':
      return say`Add the namespace to its ${name('namespaceSelector')}`;
    case 'port':
      return link.there.length === 0 ? say`Name the port` : say`Let it name the port that is there`;
    case 'path':
      if (link.answers === undefined) return undefined;
      return fix ? say`Change its path` : say`Let it ask for that path, besides what it may ask for others`;
    case 'endpoint':
      return sayEndpointRemedy(link.answer);
    case 'not selected':
      return link.by === 'namespace'
        ? say`Widen its ${name(`${lowerFirst(link.monitor.kind)}NamespaceSelector`)}, or move the monitor`
        : say`Give it the labels that Prometheus asks for`;
    case 'no target':
      return say`Look at the operator's log, and whether the Prometheus that is queried is the one that scrapes`;
    case 'target down':
      return undefined;
    case 'no series':
      return say`Look at what the application publishes there (Spring Boot needs ${name('micrometer-registry-prometheus')}), and at ${name('metricRelabelings')}`;
  }
}

/** What could not be looked at, as a clause: "monitors could not be read". */
export function sayUnseen(unseen: readonly Unseen[]): Phrase {
  const names: Readonly<Record<Unseen, string>> = {
    services: 'Services could not be read',
    monitors: 'monitors could not be read',
    prometheuses: "the operator's Prometheus objects could not be read",
    targets: 'Prometheus did not tell its targets',
    endpoint: 'no command could be run in its pod',
  };
  return [new Intl.ListFormat('en-GB').format(unseen.map((what) => names[what]))];
}

function sayLink(link: BrokenLink): Phrase {
  switch (link.kind) {
    case 'no service':
      return say`no Service selects its pods, so no ServiceMonitor can ask for its metrics`;
    case 'no monitor':
      return link.service === undefined
        ? say`nothing asks for its metrics`
        : say`nothing asks for its metrics: no monitor selects the Service ${name(link.service)}`;
    case 'labels': {
      const has = Object.keys(link.found).length === 0 ? say`does not have them` : say`has ${nameLabels(link.found)}`;
      return say`the ${nameMonitor(link.monitor)} selects ${nameLabels(link.wanted)}, but the Service ${name(link.service)} ${has}`;
    }
    case 'namespace':
      return say`the ${nameMonitor(link.monitor)} would select the Service ${name(link.service)}, but not in its namespace`;
    case 'port':
      return say`the ${nameMonitor(link.monitor)} asks for the port ${name(link.wanted)}, but ${sayPorts(link)}`;
    case 'path':
      return link.answers === undefined
        ? say`the ${nameMonitor(link.monitor)} asks for ${name(link.path)}, where there are no JVM metrics`
        : say`the ${nameMonitor(link.monitor)} asks for ${name(link.path)}, but the JVM metrics are at ${name(link.answers)}`;
    case 'endpoint':
      return say`${name(link.url)} in the pod ${name(link.pod)} answers with ${strong(link.answer)}`;
    case 'not selected':
      return sayNotSelected(link);
    case 'no target':
      return say`${sayAsked(link.monitor)}, but Prometheus has no target of it`;
    case 'target down': {
      const error = link.error === undefined ? [] : say`: ${link.error}`;
      return say`${sayAsked(link.monitor)}, but Prometheus cannot scrape it${error}`;
    }
    case 'no series':
      return say`Prometheus scrapes it${sayBy(link.monitor)}, but gets no JVM metrics`;
  }
}

function sayNotSelected(link: BrokenLink & { readonly kind: 'not selected' }): Phrase {
  const { monitor, prometheus, by, labels } = link;
  if (by === 'namespace') {
    return say`the Prometheus ${name(prometheus)} does not look for monitors in the namespace of the ${nameMonitor(monitor)}`;
  }
  const why = labels === undefined ? say`its selector leaves it out` : say`it asks for ${nameLabels(labels)}`;
  return say`the Prometheus ${name(prometheus)} does not pick up the ${nameMonitor(monitor)}: ${why}`;
}

function sayPorts({ monitor, there }: BrokenLink & { readonly kind: 'port' }): Phrase {
  const of = monitor.kind === 'ServiceMonitor' ? 'the Service' : 'the container';
  if (there.length === 0) return say`${of} has no port with a name`;
  return say`${of} has ${join(there.slice(0, MOST_NAMES).map(name), ', ')}`;
}

function sayEndpointRemedy(answer: string): Phrase | undefined {
  if (answer.startsWith('status')) {
    return say`Publish the metrics there: Spring Boot needs ${name('micrometer-registry-prometheus')} and ${name('management.endpoints.web.exposure.include=prometheus')}`;
  }
  return answer === 'connection refused' ? say`Look whether the application listens on that port` : undefined;
}

function sayAsked(monitor: MonitorRef | undefined): Phrase {
  return monitor === undefined ? say`something asks for it` : say`the ${nameMonitor(monitor)} asks for it`;
}

function sayBy(monitor: MonitorRef | undefined): Phrase {
  return monitor === undefined ? [] : say` by the ${nameMonitor(monitor)}`;
}

function sayOtherWay(how: (JvmMetrics & { readonly state: 'another way' })['how'], by: string | undefined): Phrase {
  switch (how) {
    case 'no operator':
      return say`no Prometheus Operator is installed, so no monitor can ask for its metrics`;
    case 'annotations':
      return say`it asks for being scraped by the annotation ${name(by ?? 'prometheus.io/scrape')}, which not every Prometheus follows`;
    case 'another collector':
      return say`another collector (${name(by ?? 'not named')}) takes care of its metrics, and they do not arrive in this Prometheus`;
  }
}

function sayYoung(what: (JvmMetrics & { readonly state: 'young' })['what'], seconds: number): Phrase {
  const ago = seconds < 60 ? 'less than a minute ago' : `${count(Math.floor(seconds / 60), 'minute')} ago`;
  const happened = { pod: 'it was started', monitor: 'its monitor was changed', target: 'its target appeared' }[what];
  return say`${happened} ${ago}`;
}

function nameMonitor({ kind, namespace, name: own }: MonitorRef): Phrase {
  return say`${kind} ${name(`${namespace}/${own}`)}`;
}

function nameLabels(labels: Labels): Phrase {
  const all = Object.entries(labels).map(([key, value]) => name(`${key}=${value}`));
  const more = all.length > MOST_NAMES ? say` and ${String(all.length - MOST_NAMES)} more` : [];
  return [...join(all.slice(0, MOST_NAMES), ', '), ...more];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
