import { anyLetter, type IssuerGrammar, inClass, some, text } from '../../grants/prove/issuers/grammar.ts';

const closed = (...kinds: IssuerGrammar['kinds']): IssuerGrammar => ({
  kinds,
  texts: [],
  lists: [],
  isOpen: false,
  hasAudiences: false,
  risks: [],
});

/** Of proofs that say nothing of their holder. */
export const withoutClaims = closed({ name: 'a request', shape: [] });
export const anyClaims: IssuerGrammar = { ...closed({ name: 'what the gateway found out', shape: [] }), isOpen: true };
export const leaseClaims = closed({ name: 'a lease', shape: [some(anyLetter, 'sub')] });

const own = [some(anyLetter, 'serialNumber'), some(anyLetter, 'fingerprint256')];
/** As lib/auth/certificate writes the claims of a certificate. */
export const certificates = closed(
  {
    name: 'a certificate with a SPIFFE ID',
    shape: [
      text('spiffe://', 'sub', 'spiffe'),
      some(anyLetter, 'sub', 'spiffe'),
      some(anyLetter, 'iss'),
      some(anyLetter, 'subject'),
      ...own,
    ],
  },
  {
    name: 'a certificate with a DNS name',
    shape: [some(inClass(/^[a-z0-9.*-]$/), 'sub', 'dns'), some(anyLetter, 'iss'), some(anyLetter, 'subject'), ...own],
  },
  {
    name: 'a certificate with a subject only',
    shape: [some(anyLetter, 'sub', 'subject'), some(anyLetter, 'iss'), ...own],
  },
);
