import { parseArgs } from 'node:util';
import { PackageError } from '../package/package-error.ts';

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

/** Throws a PackageError if parameters contradict each other: CloudFormation would say so after half of an update. */
export const checkParameters = (parameters: ReadonlyMap<string, string>): void => {
  const has = (name: string): boolean => (parameters.get(name) ?? '') !== '';
  const needs = (one: string, other: string): readonly string[] =>
    has(one) && !has(other) ? [`${one} needs ${other}`] : [];
  const faults = [
    ...(parameters.has('config') ? ['the configuration is named with --config FILE'] : []),
    ...needs('domain', 'certificate'),
    ...needs('certificate', 'domain'),
    ...needs('truststore', 'domain'),
    ...needs('subnetIds', 'securityGroupIds'),
    ...needs('securityGroupIds', 'subnetIds'),
    ...['reserveConcurrency', 'tracing'].flatMap((name) =>
      ['true', 'false'].includes(parameters.get(name) ?? 'false') ? [] : [`${name} is true or false`],
    ),
    ...(parameters.get('assumeRoleArns') ?? '').split(',').flatMap((arn) =>
      // With a wildcard, the function could assume roles that nobody has named.
      arn === '' || /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(arn)
        ? []
        : [`assumeRoleArns has ${arn}, which is not the ARN of one role`],
    ),
  ];
  if (faults.length > 0) throw new PackageError(`The parameters: ${faults.join('; ')}.`);
};
