import { StsError } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { TokenRequest } from '../../core/requests.ts';
import type { Params } from '../../wire/query.ts';
import { refuseUnknown } from '../parameters.ts';
import { type Reader, reader, someOf } from '../reader.ts';
import { maxPolicyArns, maxPolicyCharacters, rules, seconds } from './limits.ts';

const common = ['Action', 'Version'];
const presigned = /^X-Amz-(Algorithm|Credential|Date|Expires|SignedHeaders|Signature|Security-Token)$/;

/**
 * The parameters of each operation, by every spelling in use. ECS passes over names that it does not know, and so over
 * a `Policy` given to AssumeRole, whose name here is InlineSessionPolicy: credentials would come back wider than the
 * caller meant. Such a name is refused here instead.
 */
const spellings = {
  AssumeRole: {
    seconds: ['DurationSeconds'],
    policy: ['InlineSessionPolicy'],
    policyArns: ['PolicyArns'],
    names: ['RoleArn', 'RoleSessionName'],
    lists: /^PolicyArns\.member\.\d{1,4}(\.arn)?$/,
  },
  // Those of ObjectScale 4.1 at /sts, then those of ECS 3.8 at /iam; Name is what AWS's SDKs send.
  GetFederationToken: {
    seconds: ['DurationSeconds', 'StsDurationSeconds'],
    policy: ['Policy', 'InlineSessionPolicy', 'StsInlineSessionPolicy'],
    policyArns: ['PolicyArns', 'StsPolicyArns'],
    names: ['UserName', 'Name'],
    lists: /^((Sts)?PolicyArns\.member\.\d{1,4}(\.arn)?|Tags\.member\.\d{1,4}\.(Key|Value))$/,
  },
} as const;

type Spelling = (typeof spellings)[keyof typeof spellings];

/** What the parameters ask for, or an StsError. */
export const requestOf = (params: Params): TokenRequest => {
  const read = reader(params);
  const operation = read.optional('Action');
  if (operation === undefined) throw new StsError('MissingOperation', 'Action is missing.', { parameter: 'Action' });
  switch (operation) {
    case 'AssumeRole':
      refuseOthers(params, spellings.AssumeRole);
      return {
        operation,
        role: read.required('RoleArn', rules.roleArn),
        sessionName: read.required('RoleSessionName', rules.roleSessionName),
        ...lifetime(params, read, operation),
        ...narrowing(params, read, spellings.AssumeRole),
      };
    case 'GetFederationToken':
      refuseOthers(params, spellings.GetFederationToken);
      return {
        operation,
        name: read.required(oneOf(params, spellings.GetFederationToken.names), rules.name),
        ...lifetime(params, read, operation),
        ...narrowing(params, read, spellings.GetFederationToken),
        ...read.tags('Tags.member', 1, ['Key', 'Value'], rules.tags),
      };
    case 'AssumeRoleWithSAML':
    case 'AssumeRoleWithWebIdentity':
    case 'GetSessionToken':
      throw new StsError('UnsupportedOperation', `${operation} is not served here.`, { parameter: 'Action' });
    default:
      throw new StsError('UnknownOperation', 'There is no such Action.', { parameter: 'Action' });
  }
};

const refuseOthers = (params: Params, spelling: Spelling): void => {
  const known: ReadonlySet<string> = new Set([
    ...common,
    ...spelling.seconds,
    ...spelling.policy,
    ...spelling.policyArns,
    ...spelling.names,
  ]);
  refuseUnknown(params.keys(), (name) => known.has(name) || spelling.lists.test(name) || presigned.test(name));
};

/** Returns the spelling that is used, or the first if none is. Two at once are refused: they could say two things. */
const oneOf = (params: Params, names: readonly [string, ...string[]]): string => {
  const used = names.filter((name) => params.has(name));
  if (used.length > 1) {
    throw new StsError('InvalidParameter', `${used.join(' and ')} are one parameter; give one of them.`, {
      parameter: used[0] ?? names[0],
    });
  }
  return used[0] ?? names[0];
};

const lifetime = (params: Params, read: Reader, operation: keyof typeof seconds) =>
  read.lifetime(oneOf(params, spellings[operation].seconds), seconds[operation]);

const narrowing = (params: Params, read: Reader, spelling: Spelling) => {
  const name = oneOf(params, spelling.policy);
  const policy = read.narrowing(name, rules.policy);
  const policyArns = spelling.policyArns.flatMap((list) => arns(params, read, list));
  if (policyArns.length > maxPolicyArns) {
    throw new StsError('InvalidParameter', `PolicyArns may have at most ${maxPolicyArns} members.`, {
      parameter: spelling.policyArns[0],
    });
  }
  if ([policy ?? '', ...policyArns].reduce((sum, text) => sum + text.length, 0) > maxPolicyCharacters) {
    throw new StsError('PolicyTooLarge', `Policies may have ${maxPolicyCharacters} characters together.`, {
      parameter: name,
    });
  }
  return omitUndefined({ policy, policyArns: someOf(policyArns) });
};

/**
 * Managed policies: one parameter with one of them, or several parted by commas; or a numbered list, with `.arn` at the
 * end of its names as AWS has it, or without. How ECS spells several is not documented. A comma may stand in a name.
 */
const arns = (params: Params, read: Reader, list: string): readonly string[] => {
  const plain = read.narrowing(list);
  const members = read.list(`${list}.member`, 1, maxPolicyArns, (name) =>
    read.required(oneOf(params, [name, `${name}.arn`]), rules.policyArns),
  );
  if (plain === undefined) return members;
  if (members.length > 0) {
    throw new StsError('InvalidParameter', `${list} must be one text or a list, not both.`, { parameter: list });
  }
  const separate = plain.split(/,\s*(?=(?:urn|arn):)/);
  if (separate.some((arn) => arn.length > rules.policyArns.max)) {
    throw new StsError('InvalidParameter', `${list} holds what is too long for an ARN.`, { parameter: list });
  }
  return separate;
};
