import ora, { type Ora } from 'ora';
import type { Asked } from '../log.ts';
import type { Colours, Stream } from './screen.ts';

/** How far a run is, as it is shown while it works. */
export interface Progress {
  /** What is done now. */
  begin(title: string): void;
  count(what: Asked, change: 'begun' | 'ended'): void;
  /** A line that stays. */
  say(line: string): void;
  end(): void;
}

const BAR_CELLS = 20;

/** Lines on `stream`; on a terminal also a bar of what is asked and answered, which is gone at the end. */
export function showProgress(stream: Stream, colours: Colours): Progress {
  if (stream !== process.stderr || stream.isTTY !== true) return createLines(stream);
  // Whoever types Ctrl-C ends the run: the standard input is left alone.
  const spinner = ora({
    stream: process.stderr,
    discardStdin: false,
    text: 'Starting',
    color: colours.isColorSupported ? 'cyan' : false,
  });
  // A terminal that cannot move its cursor gets no bar.
  return spinner.isEnabled ? createBar(spinner, stream, colours) : createLines(stream);
}

function createLines(stream: Stream): Progress {
  return {
    begin: () => undefined,
    count: () => undefined,
    say: (line) => {
      stream.write(`${line}\n`);
    },
    end: () => undefined,
  };
}

function createBar(spinner: Ora, stream: Stream, colours: Colours): Progress {
  const asked = { list: { begun: 0, ended: 0 }, query: { begun: 0, ended: 0 } };
  let title = 'Starting';
  const draw = () => {
    const { list, query } = asked;
    const [begun, ended] = [list.begun + query.begun, list.ended + query.ended];
    const full = begun === 0 ? 0 : Math.floor((ended / begun) * BAR_CELLS);
    const bar = `${colours.green('█'.repeat(full))}${colours.dim('░'.repeat(BAR_CELLS - full))}`;
    const counts = [`${list.ended}/${list.begun} lists`, `${query.ended}/${query.begun} queries`];
    spinner.text = begun === 0 ? title : `${bar} ${counts.join(', ')} · ${title}`;
  };
  return {
    begin(next) {
      title = next;
      draw();
      if (!spinner.isSpinning) spinner.start();
    },
    count(what, change) {
      asked[what][change] += 1;
      draw();
    },
    say(line) {
      const wasSpinning = spinner.isSpinning;
      spinner.clear();
      stream.write(`${line}\n`);
      if (wasSpinning) spinner.render();
    },
    end() {
      spinner.stop();
    },
  };
}
