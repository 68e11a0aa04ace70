import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../lib/config/load.ts';

const page = readFileSync(new URL('../../docs/issuer.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']) => text);
const blockWith = (text: string): string => blocks.find((block) => block.includes(text)) ?? '';

describe('the page on the issuer', () => {
  it('has JSON that can be pasted', () => {
    expect(blocks.length).toBeGreaterThan(4);
    for (const block of blocks) {
      const whole = block.trimStart().startsWith('"') ? `{${block}}` : block;
      expect(() => JSON.parse(whole), block).not.toThrow();
    }
  });

  it('shows an account and a grant that the configuration takes', () => {
    const { issuer } = JSON.parse(`{${blockWith('"issuer": { "url"').replace('1234abcd-…', '1234abcd')}}`);
    const accounts = JSON.parse(`{${blockWith('"prod": {')}}`);
    const grant = JSON.parse(blockWith('"operations": ["IssueToken"]'));
    const jwt = { preset: 'github-actions', audience: 'credmint' };
    const config = readConfig(
      { issuer, accounts, callers: { github: { jwt }, agent: { jwt } }, grants: [grant] },
      { folder: '/nowhere', environment: { AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 's' } },
    );
    expect(config.grants[0]?.token?.actors).toEqual(new Set(['agent']));
    expect(config.accounts.get('issuer')).toMatchObject({ cloud: 'issuer' });
  });
});
