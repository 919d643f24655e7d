import { Document, isScalar } from 'yaml';
import type { ScrapeFix } from '../model/jvm-metrics.ts';
import { type ChangeMonitor, changedPartOf, endpointsKey, monitorOf, writeYaml } from '../monitor-manifest.ts';

/** What a fix would be in a manifest, as YAML to copy. */
export function snippetOfFix(fix: ScrapeFix): string {
  return fix.kind === 'add monitor' ? writeYaml(monitorOf(fix, fix)) : writeYaml(changedPart(fix));
}

/** The part of a monitor that changes, with what a value was beside it. */
function changedPart(fix: ChangeMonitor): Document {
  const part = new Document(changedPartOf(fix), { compat: 'yaml-1.1' });
  const { change } = fix;
  const value = 'to' in change ? part.getIn(['spec', endpointsKey(fix), 0, change.field], true) : undefined;
  if ('from' in change && isScalar(value)) value.comment = ` was ${JSON.stringify(change.from)}`;
  return part;
}
