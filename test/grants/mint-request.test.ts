import { describe, expectTypeOf, it } from 'vitest';
import type { Caller } from '../../lib/core/caller.ts';
import type { MintRequest, TokenRequest } from '../../lib/core/requests.ts';
import type { Mint } from '../../lib/mint/mint.ts';

// Held by `tsc`, which reads the tests with the rest: nothing here can fail when it runs.

type Asked = TokenRequest<'AssumeRole'>;
type DressedUp = Asked & {
  readonly account: string;
  readonly grant: string;
  readonly caller: Caller;
  readonly dialect: string;
  readonly durationSeconds: number;
};

describe('a request that was allowed', () => {
  it('is not one that was asked for', () => {
    expectTypeOf<Asked>().not.toExtend<MintRequest>();
  });

  it('is not made by adding everything that authorization adds, but its brand', () => {
    expectTypeOf<DressedUp>().not.toExtend<MintRequest<'AssumeRole'>>();
    expectTypeOf<MintRequest<'AssumeRole'>>().toExtend<Omit<DressedUp, 'durationSeconds'>>();
  });

  it('is all that minting takes', () => {
    type Taken = Parameters<Mint['credentials']>[0];
    expectTypeOf<MintRequest>().toExtend<Taken>();
    expectTypeOf<Asked>().not.toExtend<Taken>();
    expectTypeOf<DressedUp>().not.toExtend<Taken>();
  });

  it('is allowed for its own operation', () => {
    expectTypeOf<MintRequest<'AssumeRole'>>().toExtend<MintRequest>();
    expectTypeOf<MintRequest<'AssumeRole'>>().not.toExtend<MintRequest<'GetFederationToken'>>();
  });
});
