const template = new RegExp(
  [
    String.raw`^<[^>]*>$`,
    String.raw`^\{+[A-Za-z_ ][^}]*\}+$`,
    String.raw`^\$[A-Z_][A-Z0-9_]+$`,
    String.raw`^\$(?:env:|\()`,
    String.raw`^%[A-Za-z_]+%$`,
    String.raw`^#\{`,
    String.raw`^[*.xX_-]+$`,
    '^(?:YOUR|MY)[_-][A-Z_-]*$|^your[_-][a-z_-]*$',
    String.raw`^(?:process\.env|import\.meta|os\.environ|os\.getenv|env\.)`,
    String.raw`\$\{|\{\{|\*{4}|\[redacted:`,
  ].join('|'),
);

/** True for what stands in place of a secret: a template's variable, `<password>`, asterisks, a redaction label. */
export function isPlaceholder(value: string): boolean {
  return template.test(value);
}
