import type { AuditSettings } from '../audit/settings.ts';
import type { StoreSettings } from '../stores/settings.ts';

/** What a store is and where, for an operator. */
export const storeInWords = (store: StoreSettings): string => {
  switch (store.kind) {
    case 'memory':
      return 'memory: nothing survives this process';
    case 'sqlite':
      return `sqlite, ${store.path}`;
    case 'redis':
      return `redis, ${store.server.host}:${store.server.port}`;
    case 'dynamodb':
      return `dynamodb, ${store.table.table}`;
  }
};

/** Where the audit trail goes, and what proves it, for an operator. */
export const auditInWords = ({ sink, keys }: AuditSettings): string => {
  const place =
    sink.kind === 'stdout'
      ? 'standard output'
      : sink.kind === 'file'
        ? sink.path
        : `${sink.kind}, ${sink.endpoint.host}`;
  return `${place}, ${keys === undefined ? 'not chained' : 'chained and signed'}`;
};
