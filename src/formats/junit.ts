import { isFailing } from '../model/level.ts';
import type { ContainerView } from '../report/container-view.ts';
import type { Context } from '../report/context.ts';
import { listProblems } from '../report/explain.ts';
import { capitalize, groupBy } from '../text/format.ts';
import { toSingleLine } from '../text/markdown.ts';
import { nameProblems } from '../words/words.ts';
import { sayProblem, saySuggested } from './say-problem.ts';

const LONGEST = 1000;

interface Case {
  readonly result: 'passed' | 'failed' | 'skipped';
  readonly xml: string;
}

/**
 * A test suite a namespace and a test case a container, as JUnit XML. Red is a failure, and yellow where the option `fail-on`
 * asks for it; what is not known or ignored is skipped.
 */
export function writeJunit(context: Context): string {
  const time = new Date(context.input.inspection.at * 1000).toISOString().slice(0, 19);
  const suites = [...groupBy(context.views, ({ ref }) => ref.namespace)].map(([namespace, views]) => {
    const cases = views.map((view) => writeCase(view, context));
    const attributes = `name=${quote(namespace)} ${countResults(cases)} skipped="${count(cases, 'skipped')}"`;
    return {
      cases,
      xml: [`  <testsuite ${attributes} timestamp="${time}">`, ...cases.map(({ xml }) => xml), '  </testsuite>'].join(
        '\n',
      ),
    };
  });
  const name = ['memory', ...(context.input.clusterName === undefined ? [] : [context.input.clusterName])].join(' ');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name=${quote(name)} ${countResults(suites.flatMap(({ cases }) => cases))}>`,
    ...suites.map(({ xml }) => xml),
    '</testsuites>',
    '',
  ].join('\n');
}

function writeCase(view: ContainerView, context: Context): Case {
  const { ref, container } = view;
  const name = `classname=${quote(`${ref.namespace}.${ref.kind}.${ref.name}`)} name=${quote(container.name)}`;
  const wrap = (result: Case['result'], inner: string): Case => ({
    result,
    xml: `    <testcase ${name}>\n      ${inner}\n    </testcase>`,
  });
  const skipped = whySkipped(view);
  if (skipped !== undefined) return wrap('skipped', `<skipped message=${quote(skipped)}/>`);
  const problems = listProblems(view).map((check) => capitalize(sayProblem(view, check, context)));
  const said = [...problems, saySuggested(view)].flatMap((text) => (text === undefined ? [] : escapeXml(text)));
  if (isFailing(view.level, context.input.failOn === 'yellow' ? 'yellow' : 'red')) {
    const message = capitalize(nameProblems(view.findings).join('; ')) || 'Memory is at risk';
    return wrap('failed', `<failure type="${view.level}" message=${quote(message)}>${said.join('\n')}</failure>`);
  }
  if (said.length > 0) return wrap('passed', `<system-out>${said.join('\n')}</system-out>`);
  return { result: 'passed', xml: `    <testcase ${name}/>` };
}

function whySkipped({ level, ignored }: ContainerView): string | undefined {
  if (ignored !== undefined) {
    return `Ignored${ignored.until === undefined ? '' : ` until ${ignored.until}`}: ${ignored.reason}`;
  }
  return level === 'unknown' ? 'Nothing is known about its memory yet' : undefined;
}

function countResults(cases: readonly Case[]): string {
  return `tests="${cases.length}" failures="${count(cases, 'failed')}" errors="0"`;
}

function count(cases: readonly Case[], result: Case['result']): number {
  return cases.filter((one) => one.result === result).length;
}

function quote(text: string): string {
  return `"${escapeXml(text)}"`;
}

/** One line without what XML 1.0 forbids even as a reference: control characters, lone surrogates, U+FFFE and U+FFFF. */
function escapeXml(text: string): string {
  return toSingleLine(text, LONGEST).replace(/[&<>"'\ufffe\uffff]/g, (character) => XML[character] ?? '\ufffd');
}

const XML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
