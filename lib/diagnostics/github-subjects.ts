import { compilePattern } from '../grants/pattern.ts';

/**
 * Which spellings of the subjects of GitHub a pattern admits: by names, `repo:acme/site:…`, or with the ids that cannot
 * be taken over, `repo:acme@1/site@2:…`, which repositories that are new, renamed or transferred since July 2026 send.
 * Returns undefined if the pattern is not of such a subject.
 */
export const githubSpellings = (pattern: string): 'names' | 'ids' | 'names and ids' | undefined => {
  const [, owner, repository, rest] = /^repo:([^/:]+)\/([^:]*)(:.*)?$/.exec(pattern) ?? [];
  if (owner === undefined || repository === undefined) return undefined;
  const matches = compilePattern(pattern);
  const plain = (text: string): string => text.replace(/@[^@]*$/, '').replaceAll('*', 'x');
  const withId = (text: string): string => (/@[^@*]+$/.test(text) ? text.replaceAll('*', 'x') : `${plain(text)}@1`);
  const end = (rest ?? ':ref:x').replaceAll('*', 'x');
  const names = matches(`repo:${plain(owner)}/${plain(repository)}${end}`);
  const ids = matches(`repo:${withId(owner)}/${withId(repository)}${end}`);
  if (names && ids) return 'names and ids';
  return names ? 'names' : ids ? 'ids' : undefined;
};

const githubNote = (pattern: string): string | undefined => {
  switch (githubSpellings(pattern)) {
    case 'names':
      return `${pattern} admits subjects by names alone; repositories that are new, renamed or transferred since July 2026 send repo:OWNER@ID/NAME@ID:… (use the claim repository_id)`;
    case 'ids':
      return `${pattern} admits subjects with ids alone; repositories from before July 2026 send repo:OWNER/NAME:…`;
    case 'names and ids':
      return `${pattern} admits subjects by names and with ids`;
    default:
      return undefined;
  }
};

/** What a reader must know of the patterns of a grant's `sub`, if they are of GitHub's subjects. */
export const githubNotes = (claims: Readonly<Record<string, readonly string[]>>): readonly string[] =>
  (claims['sub'] ?? []).flatMap((pattern) => githubNote(pattern) ?? []);
