/**
 * The same JSON without characters above U+00FF, each written as its escape (RFC 8259, 7): the Policy of STS may hold
 * those up to U+00FF only. In JSON, other characters stand nowhere but in strings.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, Policy
 */
export const latinPolicy = (policy: string | undefined): string | undefined =>
  policy?.replace(/[^\u0000-\u00ff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
