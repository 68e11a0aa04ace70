import { describe, expect, it } from 'vitest';
import { sessionTokens } from '../../../lib/client/agent/session-tokens.ts';

describe('a session token', () => {
  const start = Date.parse('2026-11-22T12:00:00Z');
  let ahead = 0;
  const tokens = sessionTokens(new Uint8Array(32).fill(7), () => new Date(start + ahead));

  it('is valid until it ends', () => {
    ahead = 0;
    const token = tokens.issue(60);
    ahead = 59_000;
    expect(tokens.isValid(token)).toBe(true);
    ahead = 60_000;
    expect(tokens.isValid(token)).toBe(false);
  });

  it('cannot be made longer, nor be another agent’s', () => {
    ahead = 0;
    const token = tokens.issue(60);
    const other = sessionTokens(new Uint8Array(32).fill(8), () => new Date(start));

    expect(tokens.isValid(token.replace(/^\d/, '9'))).toBe(false);
    expect(other.isValid(token)).toBe(false);
    expect(tokens.isValid('')).toBe(false);
  });
});
