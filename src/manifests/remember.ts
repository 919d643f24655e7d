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
