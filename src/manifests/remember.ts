/** The same work, done once for each key. */
export function remember<Key, Value>(
  work: (key: Key) => Promise<Value>,
  keyOf: (key: Key) => unknown = (key) => key,
): (key: Key) => Promise<Value> {
  const known = new Map<unknown, Promise<Value>>();
  return (key) => {
    const name = keyOf(key);
    const value = known.get(name) ?? work(key);
    known.set(name, value);
    return value;
  };
}

/** Values of which no more are kept than weigh `most` together; the oldest go first, and the one weighed last stays. */
export interface Shelf<Key, Value> {
  get(key: Key): Value | undefined;
  /** One that is put there weighs nothing yet, and stays until it does. */
  put(key: Key, value: Value): void;
  weigh(key: Key, weight: number): void;
  remove(key: Key): void;
}

export function createShelf<Key, Value>(most: number): Shelf<Key, Value> {
  const known = new Map<Key, { readonly value: Value; weight: number }>();
  let total = 0;
  return {
    get: (key) => known.get(key)?.value,
    put: (key, value) => known.set(key, { value, weight: 0 }),
    weigh(key, weight) {
      const one = known.get(key);
      if (one === undefined) return;
      total += weight - one.weight;
      one.weight = weight;
      for (const [name, other] of known) {
        if (total <= most) return;
        if (other === one || other.weight === 0) continue;
        known.delete(name);
        total -= other.weight;
      }
    },
    remove(key) {
      total -= known.get(key)?.weight ?? 0;
      known.delete(key);
    },
  };
}

/** As `remember`, but no more is kept at a time than weighs `most` together: what is forgotten is done again. */
export function rememberSome<Key, Value>(
  work: (key: Key) => Promise<Value>,
  {
    keyOf = (key) => key,
    weigh,
    most,
  }: { readonly keyOf?: (key: Key) => unknown; readonly weigh: (value: Value) => number; readonly most: number },
): (key: Key) => Promise<Value> {
  const shelf = createShelf<unknown, Promise<Value>>(most);
  return (key) => {
    const name = keyOf(key);
    const before = shelf.get(name);
    if (before) return before;
    const value = work(key);
    shelf.put(name, value);
    value.then(
      (done) => shelf.weigh(name, weigh(done) + 1),
      // Whoever asked hears of the failure.
      () => shelf.remove(name),
    );
    return value;
  };
}
