import { StsError } from '../core/errors.ts';
import type { CloudRequest, Tag, TextRules } from '../core/requests.ts';
import { type TextRule, textFault } from '../core/text-rule.ts';

/** The texts of a request, under whatever names its operation has them. */
interface Texts {
  readonly operation: string;
  readonly role?: string;
  readonly sessionName?: string;
  readonly name?: string;
  readonly policyArns?: readonly string[];
  readonly externalId?: string;
  readonly sourceIdentity?: string;
  readonly tags?: readonly Tag[];
}

/**
 * Refuses a request whose texts the cloud would refuse, before it is asked: it would not say which of them is wrong.
 */
export const refuseBadTexts = (request: CloudRequest, rules: TextRules): void => {
  const texts: Texts = request;
  const check = (parameter: keyof TextRules, rule: TextRule | undefined, values: readonly (string | undefined)[]) => {
    for (const value of values) {
      const fault = rule === undefined || value === undefined ? undefined : textFault(value, rule);
      if (fault === undefined) continue;
      throw new StsError('InvalidParameter', `${parameter} ${fault} at this cloud.`, { parameter });
    }
  };
  check('roleArn', rules.roleArn, [texts.role]);
  check('roleSessionName', rules.roleSessionName, [texts.sessionName]);
  check('name', rules.name, [texts.name]);
  check('policyArns', rules.policyArns, texts.policyArns ?? []);
  check('externalId', rules.externalId, [texts.externalId]);
  check('sourceIdentity', rules.sourceIdentity, [texts.sourceIdentity]);
  check('tags', rules.tags?.key, texts.tags?.map(({ key }) => key) ?? []);
  check('tags', rules.tags?.value, texts.tags?.map(({ value }) => value) ?? []);
};
