import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { causeInWords, causeOf } from '../core/cause.ts';
import { type Place, readLocatedJson } from '../wire/located-json.ts';
import { ConfigError } from './config-error.ts';

/** A configuration file as JSON, and where its members stand. */
export interface ConfigFile {
  readonly json: unknown;
  /** Adds line and column to faults that begin with the path of a member. */
  located(faults: readonly string[]): readonly string[];
}

const placed = ({ line, column }: Place): string => `line ${line}, column ${column}`;

/** Undefined in another encoding: of Latin-1 a name would else become another, unseen. */
const textOf = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** Reads a configuration file. Throws a ConfigError that says why it cannot be read, and where. */
export const readConfigFile = (path: string): ConfigFile => {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (thrown) {
    throw new ConfigError([`${resolve(path)}: cannot be read: ${causeInWords(causeOf(thrown))}`]);
  }
  const text = textOf(bytes);
  if (text === undefined) throw new ConfigError([`${resolve(path)}: is not UTF-8: save it in that encoding`]);
  const reading = readLocatedJson(text);
  if ('fault' in reading) {
    // The parser's own message would quote the text.
    throw new ConfigError([`${resolve(path)}: is not JSON: ${placed(reading.place)}: ${reading.fault}`]);
  }
  const { value, placeOf } = reading;
  return {
    json: value,
    located: (faults) =>
      faults.map((fault) => {
        const member = /^([\w.$-]+): /.exec(fault)?.[1];
        return member === undefined ? fault : `${fault} (${placed(placeOf(member))})`;
      }),
  };
};

/** Does what may throw a ConfigError about the file, whose faults then say where they are. */
export const inConfigFile = <Result>(file: ConfigFile, act: () => Result): Result => {
  try {
    return act();
  } catch (thrown) {
    throw thrown instanceof ConfigError ? new ConfigError(file.located(thrown.faults)) : thrown;
  }
};
