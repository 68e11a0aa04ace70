import { documentsFunction } from '../lib/app/functions/documents.ts';

/** GET /.well-known/…: the issuer's public documents. */
export const handler = documentsFunction('credmint.issuer.json');
