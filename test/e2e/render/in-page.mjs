/* These functions run in the browser: each has to stand by itself. */

/**
 * @typedef {object} Chart
 * @property {string} source
 * @property {string} [error]
 * @property {number} drawn lines in the drawn chart
 */

/**
 * Replaces each `mermaid` block by what Mermaid draws of it.
 *
 * @returns {Promise<Chart[]>}
 */
export async function drawCharts() {
  const { document, mermaid } = /** @type {any} */ (globalThis);
  for (const script of document.querySelectorAll('head > script')) script.remove();
  mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', theme: 'default' });
  const charts = [];
  for (const [index, block] of [...document.querySelectorAll('pre.mermaid')].entries()) {
    const source = block.textContent ?? '';
    try {
      const { svg } = await mermaid.render(`chart-${index}`, source);
      block.innerHTML = svg;
      const paths = [...block.querySelectorAll('svg .plot path')].map((path) => path.getAttribute('d') ?? '');
      charts.push({ source, drawn: paths.filter((path) => path !== '' && !path.includes('NaN')).length });
    } catch (error) {
      charts.push({ source, error: error instanceof Error ? error.message : String(error), drawn: 0 });
    }
  }
  return charts;
}

/**
 * What the parsed page holds that it should not, and its text. To be asked before anything is drawn.
 *
 * @returns {{ problems: string[]; text: string }}
 */
export function inspectPage() {
  const { document } = /** @type {any} */ (globalThis);
  const plain = 'H1 H2 H3 H4 P STRONG EM DEL CODE PRE A TABLE THEAD TBODY TR TH TD UL OL LI BLOCKQUOTE BR HR';
  const allowed = new Set(`${plain} DETAILS SUMMARY B SUB`.split(' '));
  const problems = [];
  const article = document.querySelector('article');
  if (article === null || document.body.children.length !== 1) return { problems: ['the page is not whole'], text: '' };
  for (const element of article.querySelectorAll('*')) {
    if (!allowed.has(element.tagName)) problems.push(`an element that should not be there: ${element.outerHTML}`);
    const handlers = element.getAttributeNames().filter((/** @type {string} */ name) => /^on|^style$/.test(name));
    problems.push(
      ...handlers.map(
        (/** @type {string} */ name) => `an attribute that should not be there: ${name} of ${element.tagName}`,
      ),
    );
    const address = element.getAttribute('href');
    if (address !== null && /^(?!https?:)[a-z][a-z0-9+.-]*:/i.test(address)) problems.push(`a link to ${address}`);
  }
  for (const block of article.querySelectorAll('p, li, td, th, summary, h1, h2, h3')) {
    const text = block.textContent ?? '';
    if (/\|\s*:?-{3,}:?\s*(?:\||$)/m.test(text)) problems.push(`a table that is not one: ${text.slice(0, 100)}`);
    if (/^\s*```/m.test(text)) problems.push(`a code block that is not one: ${text.slice(0, 100)}`);
  }
  return { problems, text: article.textContent ?? '' };
}
