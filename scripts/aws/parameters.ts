import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { parse } from 'yaml';
import { nearest } from '../../lib/core/nearest.ts';
import { root } from '../bundle.ts';
import { PackageError } from '../package/package-error.ts';

const declared = v.object({ params: v.object({ default: v.record(v.string(), v.unknown()) }) });

/** The parameters that `serverless.yml` has. */
export const parameterNames: readonly string[] = Object.keys(
  v.parse(declared, parse(readFileSync(join(root, 'serverless.yml'), 'utf8'), { logLevel: 'silent' })).params.default,
);

/** The framework ignores a parameter that there is not, and the stack would lack what it was to bring. */
const unknownParameter = (name: string): string => {
  if (name === 'config') return 'the configuration is named with --config FILE';
  const near = nearest(name, parameterNames);
  return `there is no ${name}${near === undefined ? '' : `; did you mean ${near}?`}`;
};

/** The parameters of `serverless.yml` that a command line gives, by name. */
export const givenParameters = (words: readonly string[]): ReadonlyMap<string, string> => {
  const { values } = parseArgs({
    args: [...words],
    strict: false,
    options: { param: { type: 'string', multiple: true } },
  });
  return new Map(
    (values.param ?? []).map((each): readonly [string, string] => {
      const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(String(each)) ?? [];
      return [name, value];
    }),
  );
};

/** The stage, as a variable of the framework. */
const stage = `\${sls:stage}`;

/** What every resource of the stack is tagged with. The framework fills in the stage. */
export const tagsOf = (parameters: ReadonlyMap<string, string>): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(
    (parameters.get('tags') ?? '').split(',').flatMap((each): [string, string][] => {
      if (each === '') return [];
      const [, key = each, value = ''] = /^([^=]*)=(.*)$/s.exec(each) ?? [];
      return [[key, value]];
    }),
  ),
  service: 'credmint',
  stage,
});

/** https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html, naming and usage. */
const tagFaults = (key: string, value: string): readonly string[] =>
  value === stage || (/^(?!aws:)[\w .:/=+@-]{1,128}$/i.test(key) && /^[\w .:/=+@-]{1,256}$/.test(value))
    ? []
    : [`tags has ${key}, which is not KEY=VALUE as AWS takes it`];

/** Throws a PackageError if there is no such parameter, or if parameters contradict each other: CloudFormation would say so after half of an update. */
export const checkParameters = (parameters: ReadonlyMap<string, string>): void => {
  const has = (name: string): boolean => (parameters.get(name) ?? '') !== '';
  const needs = (one: string, other: string): readonly string[] =>
    has(one) && !has(other) ? [`${one} needs ${other}`] : [];
  const faults = [
    ...[...parameters.keys()].filter((name) => !parameterNames.includes(name)).map(unknownParameter),
    ...needs('domain', 'certificate'),
    ...needs('certificate', 'domain'),
    ...needs('truststore', 'domain'),
    ...needs('subnetIds', 'securityGroupIds'),
    ...needs('securityGroupIds', 'subnetIds'),
    ...['reserveConcurrency', 'tracing'].flatMap((name) =>
      ['true', 'false'].includes(parameters.get(name) ?? 'false') ? [] : [`${name} is true or false`],
    ),
    ...Object.entries(tagsOf(parameters)).flatMap(([key, value]) => tagFaults(key, value)),
    ...(parameters.get('assumeRoleArns') ?? '').split(',').flatMap((arn) =>
      // With a wildcard, the function could assume roles that nobody has named.
      arn === '' || /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(arn)
        ? []
        : [`assumeRoleArns has ${arn}, which is not the ARN of one role`],
    ),
  ];
  if (faults.length > 0) throw new PackageError(`The parameters: ${faults.join('; ')}.`);
};
