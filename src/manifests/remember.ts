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

/** As `remember`, but no more is kept at a time than weighs `most` together: what is forgotten is done again. */
export function rememberSome<Key, Value>(
  work: (key: Key) => Promise<Value>,
  {
    keyOf = (key) => key,
    weigh,
    most,
  }: { readonly keyOf?: (key: Key) => unknown; readonly weigh: (value: Value) => number; readonly most: number },
): (key: Key) => Promise<Value> {
  const known = new Map<unknown, { readonly value: Promise<Value>; weight: number }>();
  let total = 0;
  const forget = () => {
    for (const [name, one] of known) {
      if (total <= most) return;
      // What is not there yet weighs nothing.
      if (one.weight === 0) continue;
      known.delete(name);
      total -= one.weight;
    }
  };
  return (key) => {
    const name = keyOf(key);
    const before = known.get(name);
    if (before) return before.value;
    const one = { value: work(key), weight: 0 };
    known.set(name, one);
    one.value.then(
      (value) => {
        one.weight = weigh(value) + 1;
        total += one.weight;
        forget();
      },
      // Whoever asked hears of the failure.
      () => known.delete(name),
    );
    return one.value;
  };
}
