/** What a reference looks like, by the place that it leads to. */
const forms = [
  'env:[A-Za-z_][A-Za-z0-9_]*',
  'file:.+',
  'ssm:[A-Za-z0-9_./:-]+',
  'secretsmanager:[A-Za-z0-9_./:+=@-]+(#.+)?',
  'tencent-ssm:[A-Za-z0-9_.@-]+(#.+)?',
];

/** The whole text of a reference, as the source of a regular expression. */
export const referenceForm = forms.join('|');

const wholeReference = new RegExp(`^(${referenceForm})$`);

/** Whether a text is a reference: `env:NAME`, `file:PATH`, `ssm:NAME`, `secretsmanager:ID` or `tencent-ssm:NAME`. */
export const isReference = (text: string): boolean => wholeReference.test(text);

/** Whether a reference leads out of this process and its files, so that following it takes a request. */
export const isRemote = (reference: string): boolean => isReference(reference) && !/^(env|file):/.test(reference);
