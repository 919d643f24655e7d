/**
 * @typedef {{ readonly 'bom-ref': string, readonly name: string, readonly version: string, readonly properties?: readonly { readonly name: string }[] }} Component
 * @typedef {object} Bill A bill of materials in the form of CycloneDX, as far as it is read here.
 * @property {{ readonly component: Component }} metadata
 * @property {readonly Component[]} components
 * @property {readonly { readonly ref: string, readonly dependsOn?: readonly string[] }[]} dependencies
 */

const INSTALLED = /^(?:node_modules\/(?:@[^/]+\/)?[^/]+\/)+/;

/** The folders of the installed packages that a bundle's sources come from, once each. @param {readonly string[]} sources Paths of a source map */
export function packageFolders(sources) {
  const folders = sources.flatMap((source) => {
    const from = source.indexOf('node_modules/');
    return from < 0 ? [] : (INSTALLED.exec(source.slice(from))?.[0] ?? []);
  });
  return [...new Set(folders)].toSorted();
}

/**
 * What is left of the bill of all packages if only these are inside; the root gets the package's name. Throws an `Error` where one that
 * is inside is missing in the bill.
 * @param {Bill} bill
 * @param {ReadonlySet<string>} inside As `name@version`
 * @param {string} name
 */
export function restrictBill(bill, inside, name) {
  const components = bill.components.filter((one) => inside.has(`${one.name}@${one.version}`));
  const found = new Set(components.map((one) => `${one.name}@${one.version}`));
  const missing = [...inside].filter((one) => !found.has(one));
  if (missing.length > 0)
    throw new Error(`npm's bill of materials lacks ${missing.join(', ')}, which the bundle holds.`);
  const root = { ...bill.metadata.component, name };
  const refs = new Set([root, ...components].map((one) => one['bom-ref']));
  return {
    ...bill,
    metadata: { ...bill.metadata, component: root },
    components: components.map(withoutDevelopment),
    dependencies: bill.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) })),
  };
}

/** npm marks what is needed for development only; what the bundle holds is used. @param {Component} component */
function withoutDevelopment(component) {
  return {
    ...component,
    scope: 'required',
    properties: (component.properties ?? []).filter(({ name }) => name !== 'cdx:npm:package:development'),
  };
}
