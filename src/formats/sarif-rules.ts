import { type ByCheck, CHECKS, type CheckName } from '../model/finding.ts';

interface Rule {
  readonly name: string;
  readonly short: string;
  readonly full: string;
  readonly help: string;
}

const RULES: ByCheck<Rule> = {
  usage: {
    name: 'MemoryUsage',
    short: 'Memory is close to its limit',
    full: 'A container uses so much of its memory limit that it may be OOM-killed, or it was.',
    help: 'Raise the limit as suggested, or find out what takes the memory. An alert is closed by the first run that finds room again.',
  },
  trend: {
    name: 'MemoryTrend',
    short: 'Memory keeps growing',
    full: 'The memory of a container rises steadily, within a run or from run to run.',
    help: 'Look for what is kept in memory: a higher limit only postpones the OOM kill. A heap dump, or two an hour apart, shows what grows.',
  },
  sizing: {
    name: 'MemorySizing',
    short: 'A memory request or limit does not fit',
    full: 'The memory request or limit of a container is missing, or does not fit what it uses.',
    help: 'Set the suggested values in the manifest. The report says which peaks and averages they come from.',
  },
  heap: {
    name: 'JvmHeap',
    short: 'A JVM heap is full or does not fit',
    full: 'The heap of a JVM is nearly full after garbage collection, or does not fit into the memory limit with what is beside it.',
    help: 'Change the maximum heap size and the limit together: the heap, metaspace, threads and buffers have to fit into it.',
  },
};

const PROJECT = 'https://github.com/OWNER/kubernetes-memory-inspector';
const HELP = `${PROJECT}/blob/v1/docs/RECIPES.md#what-the-rules-mean`;

/** The same in every version: alerts are kept by it. */
export function ruleId(check: CheckName): string {
  return `memory/${check}`;
}

/** The program that made the file, as a tool component of SARIF. */
export function describeTool(): object {
  return { name: 'Kubernetes Memory Inspector', informationUri: PROJECT, rules: CHECKS.map(describeRule) };
}

/** The rule of a check, as a reporting descriptor of SARIF. */
function describeRule(check: CheckName): object {
  const { name, short, full, help } = RULES[check];
  return {
    id: ruleId(check),
    name,
    shortDescription: { text: short },
    fullDescription: { text: full },
    helpUri: HELP,
    help: { text: `${full} ${help}`, markdown: `${full}\n\n${help}` },
    defaultConfiguration: { level: 'warning' },
    properties: { tags: ['kubernetes', 'memory'] },
  };
}
