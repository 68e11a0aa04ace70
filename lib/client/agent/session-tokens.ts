import { createHmac, timingSafeEqual } from 'node:crypto';

/** Tokens of a metadata service: they say when they end, and nothing is remembered of them. */
export interface SessionTokens {
  issue(seconds: number): string;
  isValid(token: string): boolean;
}

const pattern = /^(\d{1,12})\.([A-Za-z0-9_-]{43})$/;

/** Session tokens that are authenticated by a key, which no other process has. */
export const sessionTokens = (key: Uint8Array, now: () => Date): SessionTokens => {
  const mac = (end: string): Buffer => createHmac('sha256', key).update(end).digest();
  const nowSeconds = (): number => Math.floor(now().getTime() / 1000);
  return {
    issue: (seconds) => {
      const end = String(nowSeconds() + seconds);
      return `${end}.${mac(end).toString('base64url')}`;
    },
    isValid: (token) => {
      const [, end = '', proof = ''] = pattern.exec(token) ?? [];
      if (end === '' || !timingSafeEqual(mac(end), Buffer.from(proof, 'base64url'))) return false;
      return Number(end) > nowSeconds();
    },
  };
};
