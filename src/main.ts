import { setFailed } from '@actions/core';
import { createRunner, explainThrown } from './actions.ts';
import { run } from './run.ts';

const runner = createRunner();
try {
  const failure = await run(runner, process.env);
  if (failure !== undefined) setFailed(failure);
} catch (thrown) {
  setFailed(explainThrown(thrown, runner.log));
}
