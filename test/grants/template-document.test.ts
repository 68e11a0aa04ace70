import { describe, expect, it } from 'vitest';
import { compileDocument, fillDocument } from '../../lib/grants/template-document.ts';

const references = new Map([['claims.a', '/']]);
const compiled = (document: unknown) => {
  const complaints: string[] = [];
  return { document: compileDocument(document, references, (why) => complaints.push(why)), complaints };
};
const filled = (document: unknown, a: string) =>
  JSON.parse(
    fillDocument(compiled(document).document, references, { caller: { name: 'ci', proof: 'jwt', claims: { a } } }),
  );

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the language of the templates
describe('a document of templates', () => {
  it('is filled in its texts alone, however deep', () => {
    const document = { $a: ['${claims.a}', 1, true, null, { b: ['x/${claims.a}'] }], c: {}, d: [], e: 'f' };
    expect(filled(document, 'y/z')).toEqual({ $a: ['y/z', 1, true, null, { b: ['x/y/z'] }], c: {}, d: [], e: 'f' });
    expect(compiled(document).complaints).toEqual([]);
    expect(filled('${claims.a}', 'x')).toBe('x');
    expect(filled(7, 'x')).toBe(7);
  });

  it.each<[unknown, string]>([
    [{ a: ['${claims.b}'] }, 'refers to claims.b, which the grant does not list under references'],
    [{ 'x${claims.a}': 'y' }, 'has a reference in the name of a member; only texts may have one'],
    [[{ n: 0.5 }], 'holds a number that JSON readers round; write it as text'],
    [{ n: 2 ** 53 }, 'holds a number that JSON readers round; write it as text'],
  ])('is not taken as %j, and says why', (document, why) => {
    expect(compiled(document).complaints).toEqual([why]);
  });

  it('says everything that is wrong with it at once', () => {
    expect(compiled({ '${x}': '${y}', n: 0.5 }).complaints).toHaveLength(3);
  });
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the language of the templates
