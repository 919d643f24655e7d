import type { LevelLetter } from '../page-data.ts';

/** What of the page is shown and how: all of it stands in the address, so that a view can be sent to somebody. */
export interface ViewState {
  readonly query: string;
  /** Empty for all. */
  readonly namespace: string;
  /** Empty for all. */
  readonly levels: readonly LevelLetter[];
  /** The check of which `levels` are asked for; empty for the row's own level. */
  readonly check: string;
  /** A column; empty for the order of urgency. */
  readonly sort: string;
  readonly descending: boolean;
  /** The key of the row that is open; empty for none. */
  readonly open: string;
}

export const WHOLE_VIEW: ViewState = {
  query: '',
  namespace: '',
  levels: [],
  check: '',
  sort: '',
  descending: false,
  open: '',
};

const LEVELS = new Map<string, LevelLetter>([
  ['red', 'r'],
  ['yellow', 'y'],
  ['unknown', 'u'],
  ['green', 'g'],
]);
const LONGEST = 1000;

/** The part of an address behind `#`, without it; empty for the whole view. */
export function writeHash(state: ViewState): string {
  const parameters = new URLSearchParams();
  const set = (name: string, value: string) => {
    if (value !== '') parameters.set(name, value);
  };
  set('q', state.query);
  set('namespace', state.namespace);
  set('level', [...LEVELS].flatMap(([name, letter]) => (state.levels.includes(letter) ? [name] : [])).join('.'));
  set('check', state.check);
  set('sort', state.sort);
  set('order', state.sort !== '' && state.descending ? 'descending' : '');
  set('open', state.open);
  return parameters.toString();
}

/** The view that an address asks for; what is not understood in it is left out. Never throws. */
export function readHash(hash: string): ViewState {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const get = (name: string) => (parameters.get(name) ?? '').slice(0, LONGEST);
  const named = new Set(get('level').split('.'));
  return {
    query: get('q'),
    namespace: get('namespace'),
    levels: [...LEVELS].flatMap(([name, letter]) => (named.has(name) ? [letter] : [])),
    check: get('check'),
    sort: get('sort'),
    descending: get('order') === 'descending',
    open: get('open'),
  };
}
