import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { type FaultSettings, faultSettings } from './fault-settings.ts';

/** The member that a single number stands for, for faults that have several members. */
const shorthands: Readonly<Record<string, string>> = { throttle: 'perSecond', latency: 'milliseconds' };

const readShortForm = (text: string): object => {
  const faults: Record<string, unknown> = {};
  for (const part of text.split(',').filter((one) => one !== '')) {
    const [path = '', value = ''] = part.split('=');
    const [name = '', inner = shorthands[name]] = path.split('.');
    const read = name === 'odd' ? value.split('+') : Number(value);
    const known = faults[name];
    faults[name] = inner === undefined ? read : { ...(typeof known === 'object' ? known : {}), [inner]: read };
  }
  return faults;
};

const wordsOf = ({ expected, message }: v.BaseIssue<unknown>): string =>
  expected === 'never' ? 'is not known here' : message;

/** Reads faults from a command line: `NAME=VALUE,…`, JSON, or `@FILE`. Returns what is wrong if they are not valid; throws Node's error if the file cannot be read. */
export const readFaults = (text: string): FaultSettings | readonly string[] => {
  const given = text.startsWith('@') ? readFileSync(text.slice(1), 'utf8') : text;
  const isJson = text.startsWith('@') || text.startsWith('{');
  try {
    const parsed = v.safeParse(faultSettings, isJson ? JSON.parse(given) : readShortForm(given));
    if (parsed.success) return parsed.output;
    return parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'faults'}: ${wordsOf(issue)}`);
  } catch {
    return ['faults: must be NAME=VALUE,… or JSON'];
  }
};
