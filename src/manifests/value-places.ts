import { type Alias, type Document, isAlias, isMap, isNode, isSeq, type Node, visit } from 'yaml';
import { keyText, type Path } from './documents.ts';
import { rangeOf } from './memory-style.ts';

/** Finds the node at a path as `nodeAt` does, aliases followed; whatever many are asked for, each is looked up once. */
export function createNodeFinder(document: Document.Parsed): (path: Path) => unknown {
  return createFinders(document).resolved;
}

/**
 * Finds where in its text the value at a path begins: at the alias where it is written as one, `undefined` where it does
 * not stand there by itself, such as what comes through a merge key.
 */
export function createValueFinder(document: Document.Parsed): (path: Path) => number | undefined {
  const { written } = createFinders(document);
  return (path) => rangeOf(written(path))?.[0];
}

/** Both take time that is linear in the size of the document for all its values together. */
function createFinders(document: Document.Parsed) {
  const nodes = new Map<string, unknown>();
  let anchors: ReadonlyMap<Alias, Node> | undefined;
  const written = (path: Path): unknown => {
    const last = path.at(-1);
    if (last === undefined) return document.contents;
    const holder = resolved(path.slice(0, -1));
    if (isSeq(holder)) return typeof last === 'number' ? holder.items[last] : undefined;
    return isMap(holder) ? holder.items.find(({ key }) => keyText(key) === String(last))?.value : undefined;
  };
  const resolved = (path: Path): unknown => {
    const key = JSON.stringify(path);
    if (!nodes.has(key)) {
      const node = written(path);
      if (isAlias(node)) anchors ??= anchorsIn(document);
      nodes.set(key, isAlias(node) ? anchors?.get(node) : node);
    }
    return nodes.get(key);
  };
  return { written, resolved };
}

/** What each alias of a document stands for: the last node before it that has the anchor. */
function anchorsIn(document: Document.Parsed): ReadonlyMap<Alias, Node> {
  const current = new Map<string, Node>();
  const found = new Map<Alias, Node>();
  visit(document, {
    Node(_, node) {
      if (isAlias(node)) {
        const target = current.get(node.source);
        if (target) found.set(node, target);
      } else if (isNode(node) && 'anchor' in node && typeof node.anchor === 'string') current.set(node.anchor, node);
    },
  });
  return found;
}

/** Finds the line, from 1, of an offset in a text, which is read through once. */
export function createLineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [from, to] = [0, starts.length];
    while (to - from > 1) {
      const middle = (from + to) >> 1;
      if ((starts[middle] ?? 0) <= offset) from = middle;
      else to = middle;
    }
    return from + 1;
  };
}
