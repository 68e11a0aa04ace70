// What must not compile. `tsc` reads this file with the rest, and complains of each line that no longer fails.
import type { Mint } from '../../../lib/mint/mint.ts';
import type { Caller } from '../../../lib/sts/caller.ts';
import type { MintRequest, TokenRequest } from '../../../lib/sts/requests.ts';

declare const caller: Caller;
declare const asked: TokenRequest<'AssumeRole'>;
declare const allowed: MintRequest<'AssumeRole'>;

const settled = { account: 'prod', grant: 'g', caller, dialect: 'json', durationSeconds: 900 };

// @ts-expect-error a request that was asked for is not one that was allowed
export const askedIsAllowed: MintRequest = asked;

// @ts-expect-error nor is one with everything that authorization adds, but its brand
export const dressedUp: MintRequest<'AssumeRole'> = { ...asked, ...settled };

// @ts-expect-error and minting takes no other
export const minted = (mint: Mint) => mint.credentials(asked, { signal: AbortSignal.abort() });

// @ts-expect-error what was allowed for one operation is not allowed for another
export const another: MintRequest<'GetFederationToken'> = allowed;

// What was allowed can be handed on.
export const handedOn: MintRequest = allowed;
