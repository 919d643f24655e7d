import { DeepJson, MOST_DEPTH } from '../../text/json-scan.ts';
import { QueryFailure } from './failure.ts';

const [QUOTE, BACKSLASH, COMMA] = [34, 92, 44];
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [91, 93, 123, 125];
/** A row is an object in the array that is a member of a member of the answer: `{"data":{"result":[`. */
const ROW_DEPTH = 3;
const WHERE_ROWS_ARE = '{{[';

/**
 * Takes the rows out of an answer of the HTTP API while it comes in, so that only one row of it is held at a time. Each
 * chunk gives back what is not of a row: together, these texts are the answer without rows, and broken wherever it was.
 * Throws `QueryFailure` (`refused`) for what is nested too deep.
 */
export function createRowSplitter(onRow: (text: string) => void): (chunk: string) => string {
  let depth = 0;
  let opened = '';
  let inString = false;
  let isEscaped = false;
  /** What has come of the present row; `undefined` outside of rows. */
  let row: string | undefined;
  let hadRows = false;
  return (chunk) => {
    let rest = '';
    let from = 0;
    for (let index = 0; index < chunk.length; index++) {
      const code = chunk.charCodeAt(index);
      if (inString) {
        if (isEscaped) isEscaped = false;
        else if (code === BACKSLASH) isEscaped = true;
        else if (code === QUOTE) inString = false;
      } else if (code === QUOTE) {
        inString = true;
      } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
        if (code === OPEN_BRACE && depth === ROW_DEPTH && opened === WHERE_ROWS_ARE) {
          rest += chunk.slice(from, index);
          [from, row] = [index, ''];
        }
        if (depth < ROW_DEPTH) opened = opened.slice(0, depth) + chunk[index];
        if (depth === MOST_DEPTH) throw tooDeep();
        depth++;
      } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
        depth--;
        if (depth === ROW_DEPTH && row !== undefined) {
          onRow(row + chunk.slice(from, index + 1));
          [from, row, hadRows] = [index + 1, undefined, true];
        }
      } else if (code === COMMA && hadRows && depth === ROW_DEPTH && opened === WHERE_ROWS_ARE) {
        rest += chunk.slice(from, index);
        from = index + 1;
      }
    }
    if (row === undefined) return rest + chunk.slice(from);
    row += chunk.slice(from);
    return rest;
  };
}

function tooDeep(): QueryFailure {
  const cause = new DeepJson();
  return new QueryFailure('refused', `the answer is ${cause.message}`, { cause });
}
