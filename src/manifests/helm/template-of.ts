/** The template that a rendered document comes from, as Helm says it: `shop/templates/web.yaml`. */
export function templateOf(document: string): string | undefined {
  return /^# Source: ([^\n]+)$/m.exec(document)?.[1]?.trim();
}
