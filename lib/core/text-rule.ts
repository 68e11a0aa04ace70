/** What a text must be like. Lengths are in characters, both bounds included. */
export interface TextRule {
  readonly min?: number;
  readonly max?: number;
  /** Must match the whole value. */
  readonly pattern?: RegExp;
}

/** What tags must be like, and how many one request may carry. */
export interface TagRules {
  readonly key: TextRule;
  readonly value: TextRule;
  readonly most: number;
  /** Whether keys that differ in case alone are the same. */
  readonly ignoresCase?: true;
}

/** The texts of a request that a cloud may have rules for, by their names in the JSON API. */
export interface TextRules {
  readonly roleArn?: TextRule;
  readonly roleSessionName?: TextRule;
  readonly name?: TextRule;
  readonly policyArns?: TextRule;
  readonly externalId?: TextRule;
  readonly sourceIdentity?: TextRule;
  readonly serialNumber?: TextRule;
  readonly tags?: TagRules;
}

/** What is wrong with a text, as the end of a sentence that begins with its name. Returns undefined if nothing is. */
export const textFault = (text: string, { min = 0, max, pattern }: TextRule): string | undefined => {
  const size = length(text);
  if (size < min || size > (max ?? Number.POSITIVE_INFINITY)) {
    return `must have ${min} to ${max ?? 'any number of'} characters`;
  }
  return pattern === undefined || pattern.test(text) ? undefined : 'holds characters it may not hold';
};

const length = (text: string): number => {
  let count = 0;
  for (const _ of text) count++;
  return count;
};
