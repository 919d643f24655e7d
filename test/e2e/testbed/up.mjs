#!/usr/bin/env node
/**
 * Brings the testbed up and keeps it until Ctrl-C:
 *
 *   node test/e2e/testbed/up.mjs [--facts FILE]
 *
 * With `--facts`, what one needs to use it is written to FILE as JSON once it is up.
 */
import { rm, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { bringUp } from './bring-up.mjs';

const { values } = parseArgs({ options: { facts: { type: 'string' } } });
const began = Date.now();
// A timer keeps the process alive while nothing else is under way.
const alive = setInterval(() => {}, 1 << 30);
const asked = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
});
const testbed = await bringUp({ log: (line) => console.log(line) }).catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
const { facts } = testbed;
if (values.facts) await writeFile(values.facts, `${JSON.stringify(facts, null, 2)}\n`);
console.log(`
up in ${((Date.now() - began) / 1000).toFixed(1)} s: ${facts.pods} pods, ${facts.series} series, ${facts.samples} samples

export KUBECONFIG=${facts.kubeconfig}
at:             ${facts.at}
prometheus-url: ${facts.prometheusUrl} (in pods; on this machine ${facts.directPrometheusUrl})
namespaces:     ${facts.namespaces.join(' ')}

Ctrl-C takes it down.`);
await asked;
clearInterval(alive);
console.log('taking it down');
await testbed.stop();
if (values.facts) await rm(values.facts, { force: true });
