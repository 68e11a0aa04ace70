import { defineCloud, defineUpstream } from '../../../lib/clouds/define-cloud.ts';
import type { Cloud, Upstream } from '../../../lib/core/cloud.ts';
import { dialect } from './dialect.ts';
import { acmeGrammar } from './grammar.ts';
import { naming } from './naming.ts';
import { path, provider } from './provider.ts';

/** Acme, whom nobody sells: how it is called. */
export const acmeUpstream: Upstream = /* @__PURE__ */ defineUpstream({
  id: 'acme',
  title: 'Acme',
  grammar: acmeGrammar,
  maxPolicyCharacters: 2048,
  signatures: [],
  accepts: { AssumeRole: ['policy'] },
  textRules: { roleArn: { max: 256 }, roleSessionName: { min: 1, max: 64, pattern: /^[\w.-]*$/ } },
  vendorHosts: ['sts.acme.example'],
  vendorPaths: [path],
  variableNames: { accessKeyId: 'ACME_KEY', secretAccessKey: 'ACME_SECRET', sessionToken: ['ACME_TOKEN'] },
  provider,
});

/** Acme both ways. */
export const acme: Cloud = /* @__PURE__ */ defineCloud(acmeUpstream, {
  dialect,
  recognizedBy: 'path',
  naming,
  quickstart: ({ host, role }) =>
    `B='${JSON.stringify({ role, session: 'me' })}'; D=$(date -u +%Y-%m-%dT%H:%M:%SZ); S=$(printf 'POST\\n%s\\n%s\\n%s\\n%s' '${host}' '${path}' "$D" "$B" \\\n` +
    `  | openssl dgst -sha256 -hmac "$CREDMINT_SECRET" -r | cut -d' ' -f1)\n` +
    `curl -sS --fail-with-body "$CREDMINT_URL${path}" -H "x-acme-key: $CREDMINT_KEY" -H "x-acme-date: $D" -H "x-acme-signature: $S" -d "$B"\n`,
});
