/** DynamoDB for tests, which ships no types: as much of it as the tests ask. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  export default function dynalite(options?: { readonly createTableMs?: number }): Server;
}
