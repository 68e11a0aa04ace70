import { join } from 'node:path';
import type { Secret } from '../../core/secret.ts';
import { agentVariables } from './variables.ts';

/** A file that its owner alone may read. */
export interface PrivateFile {
  readonly path: string;
  readonly text: string;
}

/** The files by which shells and SDKs find an agent: its token, and the variables as a shell reads them. */
export const agentFiles = (
  { port, token, metadata }: { readonly port: number; readonly token: Secret; readonly metadata: boolean },
  folder: string,
): { readonly token: PrivateFile; readonly env: PrivateFile } => {
  const tokenFile = join(folder, 'token');
  const variables = agentVariables({ port, token, tokenFile, metadata });
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}\n`);
  return {
    token: { path: tokenFile, text: token.reveal() },
    env: { path: join(folder, 'env'), text: lines.join('') },
  };
};

/** A text as one word of a shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
