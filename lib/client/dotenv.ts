/**
 * The variables of the API's `dotenv` format: one `NAME='value'` a line, a quote written `'\''`. Undefined if the text
 * has a line of any other form: half an environment would be worse than none.
 */
export const readDotenv = (text: string): Record<string, string> | undefined => {
  const variables: Record<string, string> = {};
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, name, value] = /^([A-Z][A-Z0-9_]*)='((?:[^']|'\\'')*)'$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return undefined;
    variables[name] = value.replaceAll(`'\\''`, "'");
  }
  return variables;
};
