import type { MemberLimits } from '../../lib/clouds/json/members.ts';
import type { Members } from './schemas.ts';

const textOf = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength });

/** What a member may be, as the reader of the body has it. */
export const memberOf = (limits: MemberLimits): Members => {
  switch (limits.kind) {
    case 'text':
      return { ...textOf(limits.maxLength), ...(limits.pattern && { pattern: limits.pattern.source }) };
    case 'texts':
      return { type: 'array', items: textOf(limits.maxLength), maxItems: limits.maxItems };
    case 'seconds':
      return {
        anyOf: [
          { type: 'integer', minimum: 1, maximum: limits.max },
          { type: 'string', pattern: '^\\d{1,9}$' },
        ],
      };
    case 'policy':
      return { anyOf: [{ type: 'object' }, textOf(limits.maxLength)] };
    case 'tags':
      return {
        type: 'object',
        maxProperties: limits.maxTags,
        propertyNames: textOf(limits.maxKeyLength),
        additionalProperties: { type: 'string', maxLength: limits.maxValueLength },
      };
  }
};
