import { StsError } from '../core/errors.ts';
import type { CloudRequest, Tag } from '../core/requests.ts';
import { type TextRule, type TextRules, textFault } from '../core/text-rule.ts';

/** The texts of a request, under whatever names its operation has them. */
interface Texts {
  readonly operation: string;
  readonly role?: string;
  readonly sessionName?: string;
  readonly name?: string;
  readonly policyArns?: readonly string[];
  readonly externalId?: string;
  readonly sourceIdentity?: string;
  readonly serialNumber?: string;
  readonly tags?: readonly Tag[];
  readonly transitiveTagKeys?: readonly string[];
}

/**
 * Refuses a request whose texts the cloud would refuse, before it is asked: it would not say which of them is wrong.
 */
export const refuseBadTexts = (request: CloudRequest, rules: TextRules): void => {
  const { tags = [], transitiveTagKeys = [], policyArns = [], ...texts }: Texts = request;
  const refuse = (parameter: string, fault: string) => {
    throw new StsError('InvalidParameter', `${parameter} ${fault} at this cloud.`, { parameter });
  };
  const check = (parameter: string, rule: TextRule | undefined, ...values: readonly (string | undefined)[]) => {
    for (const value of values) {
      const fault = rule === undefined || value === undefined ? undefined : textFault(value, rule);
      if (fault !== undefined) refuse(parameter, fault);
    }
  };
  const count = (parameter: string, list: readonly unknown[], most: number | undefined) => {
    if (most !== undefined && list.length > most) refuse(parameter, `may have at most ${most} members`);
  };
  check('roleArn', rules.roleArn, texts.role);
  check('roleSessionName', rules.roleSessionName, texts.sessionName);
  check('name', rules.name, texts.name);
  check('policyArns', rules.policyArns, ...policyArns);
  check('externalId', rules.externalId, texts.externalId);
  check('sourceIdentity', rules.sourceIdentity, texts.sourceIdentity);
  check('serialNumber', rules.serialNumber, texts.serialNumber);
  count('tags', tags, rules.tags?.most);
  check('tags', rules.tags?.key, ...tags.map(({ key }) => key));
  check('tags', rules.tags?.value, ...tags.map(({ value }) => value));
  count('transitiveTagKeys', transitiveTagKeys, rules.tags?.most);
  check('transitiveTagKeys', rules.tags?.key, ...transitiveTagKeys);
};
