import type { PolicyGrammar } from './policy.ts';
import type { MintOperation, Narrowing } from './requests.ts';
import type { TextRules } from './text-rule.ts';

/** The environment variables that a cloud's own tools read, by what they are filled with. */
export interface VariableNames {
  /** Several if tools disagree; each is filled. */
  readonly accessKeyId: string | readonly string[];
  readonly secretAccessKey: string | readonly string[];
  readonly sessionToken: readonly string[];
  readonly expiration?: string;
  readonly projectId?: string;
  readonly region?: string;
}

/** How well something is known: read in the product's source, in its documentation, or in what others report of it. */
export type Evidence = 'source' | 'documented' | 'reported';

/** A product that speaks a cloud's protocol, but not all of it: what of it may be relied on. */
export interface ProfileFacts {
  readonly title: string;
  /** The operations that it has, and what each can be told. What is not known of the product is not in it. */
  readonly accepts: CloudFacts['accepts'];
  /** Whether it has GetCallerIdentity. */
  readonly hasIdentity: boolean;
  /**
   * Whether AssumeRole gives the account's own rights whatever role it names. Then the role narrows nothing, so that
   * AssumeRole requires a policy, and GetSessionToken is sent as AssumeRole.
   */
  readonly ignoresRole?: true;
  /** The root element of its refusals, if known. */
  readonly errorRoot?: 'ErrorResponse' | 'Error';
  readonly evidence: Evidence;
}

/** What a cloud is, as data: configuration, diagnosis, tests and pages read it. */
export interface CloudFacts {
  /** Its name in the configuration, and the name of its folder. */
  readonly id: string;
  /** Its name in prose. */
  readonly title: string;
  /** The grammar of its session policies. */
  readonly grammar: PolicyGrammar;
  readonly maxPolicyCharacters: number;
  /** The signatures that an account can choose from, the usual one first; empty if there is no choice. */
  readonly signatures: readonly string[];
  /** What each operation can be told besides whom and how long. A request with anything else is refused. */
  readonly accepts: { readonly [Op in MintOperation]?: readonly Narrowing[] };
  /** What the texts of a request must be like; absent if the cloud documents nothing that credmint does not hold to. */
  readonly textRules?: TextRules;
  /** Hosts that the vendor's clients sign unless they are told another. */
  readonly vendorHosts: readonly string[];
  /** Paths of the API, besides `/`, that the vendor's clients sign. */
  readonly vendorPaths: readonly string[];
  readonly variableNames: VariableNames;
  /** The members of an account that this cloud has and not every cloud. */
  readonly accountMembers?: readonly ('namespace' | 'projectId')[];
  /** Products that speak its protocol in part, by the names that an account gives as its `profile`. */
  readonly profiles?: Readonly<Record<string, ProfileFacts>>;
  /** Whose platforms give a process an identity at this cloud; absent if none does. */
  readonly runtime?: 'aws' | 'tencent';
  /** Whether it is only called: nobody is answered in its wire format. */
  readonly upstreamOnly?: true;
}
