import { formatBytes } from '../bytes.ts';
import type { ContainerChange, GateFact, LimitReason } from '../model/gate.ts';
import type { JvmSizing } from '../model/jvm.ts';
import type { Level } from '../model/level.ts';
import { formatPercent } from '../text/format.ts';
import { toSingleLine } from '../text/markdown.ts';
import { sayFlat } from './usage.ts';

const LONGEST = 60;

const LIMITS: Readonly<Record<Exclude<LimitReason, 'tight but flat'>, string>> = {
  'at or below a limit that killed': 'limit no higher than one that killed it',
  'below what was used': 'limit below what it used',
  'over the red line': 'over the red line',
  'barely above a limit that killed': 'limit barely above one that killed it',
  'page cache': 'over the red line because of page cache',
  'over the yellow line': 'over the yellow line',
};

const HEAPS: Readonly<Record<Extract<GateFact, { kind: 'heap' }>['reason'], string>> = {
  'above the limit': 'JVM heap above its limit',
  'does not fit': 'a full JVM heap would not fit its limit',
  full: 'JVM heap full',
  'nearly full': 'JVM heap nearly full',
};

/** A few words for what is said of a change, as plain text without the numbers that stand beside it: for a table's cell or a title. */
export function nameGateFact(fact: GateFact, level: Level): string {
  switch (fact.kind) {
    case 'limit':
      return nameLimit(fact, level);
    case 'killed at an unknown limit':
      return 'OOM-killed at an unknown limit';
    case 'low request':
      return 'request under half of what it uses';
    case 'request above limit':
      return 'request above limit';
    case 'no quantity':
      return `${fact.field} is no quantity`;
    case 'placeholder':
      return `${fact.field} is a placeholder`;
    case 'removed':
      return fact.demandedBy === undefined ? `no ${fact.field}` : `no ${fact.field}, which ${fact.demandedBy} demands`;
    case 'demanded':
      return `no ${fact.field}, which ${fact.demandedBy} demands`;
    case 'halved':
      return `${fact.field} halved or less`;
    case 'doubled':
      return `${fact.field} doubled or more`;
    case 'heap':
      return HEAPS[fact.reason];
    case 'only postpones':
      return 'leaks: more memory only postpones it';
    case 'quota':
      return `${fact.field}s over the ResourceQuota`;
    case 'LimitRange':
      return `${fact.field} outside the LimitRange`;
    case 'largest node':
      return 'fits no node';
    case 'memory HPA':
      return 'an HPA on memory';
    case 'steered':
      return `sized by ${toSingleLine(fact.by, LONGEST)}`;
    case 'in the place of':
      return `in the place of ${toSingleLine(fact.former, LONGEST)}`;
    case 'sized in place':
      return 'sized in its pods only';
    case 'new':
      return 'new: nothing to compare with';
    case 'not inspected':
      return 'namespace not looked at';
    case 'unmatched':
      return 'several workloads of its name';
    case 'not measured':
    case 'ignored':
      return fact.kind;
    case 'other cluster':
      return `cluster ${toSingleLine(fact.cluster, LONGEST)}: not looked at`;
  }
}

function nameLimit({ reason, flatDays }: Extract<GateFact, { kind: 'limit' }>, level: Level): string {
  if (level === 'green') return 'as much as the action itself would set';
  return reason === 'tight but flat' ? sayFlat(flatDays) : LIMITS[reason];
}

/** "JVM heap 1024Mi → 2048Mi"; `undefined` where its flags stay as they are. */
export function sayHeapChange({ jvm: { before, after } }: Pick<ContainerChange, 'jvm'>): string | undefined {
  const [from, to] = [sayFlags(before), sayFlags(after)];
  return from === to ? undefined : `JVM heap ${from} → ${to}`;
}

function sayFlags(jvm: JvmSizing | undefined): string {
  if (jvm?.maxHeap !== undefined) return formatBytes(jvm.maxHeap);
  return jvm?.maxRamPercentage === undefined ? 'not set' : `${formatPercent(jvm.maxRamPercentage)} of its limit`;
}
